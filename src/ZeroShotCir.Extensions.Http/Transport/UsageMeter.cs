using ZeroShotCir.Extensions.Http.Services;

namespace ZeroShotCir.Extensions.Http.Transport;

/// <summary>Counts what was asked and what the service counted. Thread-safe.</summary>
internal sealed class UsageMeter
{
    private long _requests;
    private long _failures;
    private long _inputs;
    private long _reused;
    private long _tokens;
    private long _images;
    private long _pixels;

    public (long Requests, long Failures, long Inputs, long Reused, long Tokens, long Images, long Pixels) Current => (
        Interlocked.Read(ref _requests), Interlocked.Read(ref _failures), Interlocked.Read(ref _inputs), Interlocked.Read(ref _reused),
        Interlocked.Read(ref _tokens), Interlocked.Read(ref _images), Interlocked.Read(ref _pixels));

    public void AddReply(ServiceReply reply, int inputs)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _inputs, inputs);
        Interlocked.Add(ref _tokens, reply.Tokens);
        Interlocked.Add(ref _images, reply.Images);
        Interlocked.Add(ref _pixels, reply.Pixels);
    }

    public void AddFailure()
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Increment(ref _failures);
    }

    public void AddReused(int inputs) => Interlocked.Add(ref _reused, inputs);
}
