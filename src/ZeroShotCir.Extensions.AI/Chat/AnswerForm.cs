using System.Text.Json;

namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>The form in which a model shall answer.</summary>
/// <param name="Name">A name for the schema: letters, digits, underscores.</param>
/// <param name="Description">The form in words for the model, such as <c>JSON of the form {"captions": [...]}</c>.</param>
/// <param name="Schema">The form as a JSON schema that strict servers accept: every property required, no others allowed.</param>
/// <param name="Read">Reads a JSON value; <see langword="null"/> if it is of another form.</param>
internal sealed record AnswerForm<T>(string Name, string Description, JsonElement Schema, Func<JsonElement, AnswerReading<T>?> Read)
    where T : class;
