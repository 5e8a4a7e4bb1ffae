using Microsoft.Extensions.Options;

namespace ZeroShotCir.AspNetCore.Configuration;

/// <summary>Checks <see cref="ImageSearchOptions"/> by their attributes, in generated code.</summary>
[OptionsValidator]
internal sealed partial class ImageSearchOptionsValidator : IValidateOptions<ImageSearchOptions>;
