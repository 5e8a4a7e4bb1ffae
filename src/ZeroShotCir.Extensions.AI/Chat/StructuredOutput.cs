namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>How a model is told which JSON to answer with. The answer is read alike, fenced or wrapped in prose.</summary>
public enum StructuredOutput
{
    /// <summary>By a JSON schema in the request (<c>response_format</c>), for servers that constrain the model's output.</summary>
    JsonSchema,

    /// <summary>In words only, for servers that refuse a schema.</summary>
    Prompt,
}
