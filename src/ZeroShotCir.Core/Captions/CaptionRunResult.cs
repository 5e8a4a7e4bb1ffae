namespace ZeroShotCir.Captions;

/// <summary>What became of many images, or many queries.</summary>
/// <param name="Captioned">How many were asked about and answered.</param>
/// <param name="Reused">How many had their answer in the store.</param>
/// <param name="Failed">Those that failed, by id, in the order given; running again tries them again.</param>
/// <param name="NotTried">How many were not tried because too many failed in a row.</param>
public sealed record CaptionRunResult(int Captioned, int Reused, IReadOnlyList<KeyValuePair<string, ZeroShotCirException>> Failed, int NotTried);
