using Microsoft.Extensions.Options;

namespace ZeroShotCir.Extensions.Hosting.Configuration;

/// <summary>Checks <see cref="ModelOptions"/> by their attributes, in generated code.</summary>
[OptionsValidator]
internal sealed partial class ModelOptionsValidator : IValidateOptions<ModelOptions>;
