using Microsoft.Extensions.Options;

namespace ZeroShotCir.Extensions.Hosting.Configuration;

/// <summary>Checks <see cref="GalleryOptions"/> by their attributes, in generated code.</summary>
[OptionsValidator]
internal sealed partial class GalleryOptionsValidator : IValidateOptions<GalleryOptions>;
