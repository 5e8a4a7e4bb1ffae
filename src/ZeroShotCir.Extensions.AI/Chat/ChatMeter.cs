using Microsoft.Extensions.AI;
using ZeroShotCir.Diagnostics;

namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>Adds up what was spent; serves concurrent callers.</summary>
internal sealed class ChatMeter(ChatPrice? price)
{
    private readonly Lock _lock = new();
    private long _requests;
    private long _answers;
    private long _unusable;
    private long _inputTokens;
    private long _outputTokens;

    public ChatUsage Total
    {
        get
        {
            lock (_lock)
            {
                return new ChatUsage(_requests, _answers, _unusable, _inputTokens, _outputTokens, price?.ComputeCost(_inputTokens, _outputTokens));
            }
        }
    }

    public void CountRequest()
    {
        lock (_lock)
        {
            _requests++;
        }
    }

    public void CountAnswer(UsageDetails? usage)
    {
        lock (_lock)
        {
            _answers++;
            _inputTokens += usage?.InputTokenCount ?? 0;
            _outputTokens += usage?.OutputTokenCount ?? 0;
        }

        Telemetry.CaptionTokens.Add(usage?.InputTokenCount ?? 0, new KeyValuePair<string, object?>("direction", "input"));
        Telemetry.CaptionTokens.Add(usage?.OutputTokenCount ?? 0, new KeyValuePair<string, object?>("direction", "output"));
    }

    public void CountUnusable()
    {
        lock (_lock)
        {
            _unusable++;
        }
    }
}
