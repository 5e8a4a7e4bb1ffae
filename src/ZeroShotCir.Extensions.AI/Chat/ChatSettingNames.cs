namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>What messages call the settings that they advise to change; a program with options of its own names those.</summary>
public sealed class ChatSettingNames
{
    /// <summary>Where the key is given.</summary>
    public string Key { get; set; } = "the API key";

    /// <summary>Where the service's address is given.</summary>
    public string Endpoint { get; set; } = "the endpoint";

    /// <summary>Where the model is named.</summary>
    public string Model { get; set; } = "the name of the model";

    /// <summary>How structured output is turned off.</summary>
    public string StructuredOutput { get; set; } =
        $"{nameof(ChatSettings)}.{nameof(ChatSettings.StructuredOutput)} = {nameof(Chat.StructuredOutput)}.{nameof(Chat.StructuredOutput.Prompt)}";

    /// <summary>The number of retries.</summary>
    public string MaxRetries { get; set; } = $"{nameof(ChatSettings)}.{nameof(ChatSettings.MaxRetries)}";

    /// <summary>The number of requests under way.</summary>
    public string MaxConcurrency { get; set; } = $"{nameof(ChatSettings)}.{nameof(ChatSettings.MaxConcurrency)}";

    /// <summary>The time limit of one attempt.</summary>
    public string Timeout { get; set; } = $"{nameof(ChatSettings)}.{nameof(ChatSettings.Timeout)}";

    /// <summary>The longest pause.</summary>
    public string MaxDelay { get; set; } = $"{nameof(ChatSettings)}.{nameof(ChatSettings.MaxDelay)}";

    /// <summary>The longest answer that the model may write.</summary>
    public string MaxOutputTokens { get; set; } = $"{nameof(ChatSettings)}.{nameof(ChatSettings.MaxOutputTokens)}";

    /// <summary>The size of pictures.</summary>
    public string MaxEdge { get; set; } = $"{nameof(ChatSettings)}.{nameof(ChatSettings.MaxEdge)}";

    /// <summary>The settings that a server may not know, in one phrase.</summary>
    public string Optional { get; set; } = "Temperature, MaxOutputTokens and the seed";
}
