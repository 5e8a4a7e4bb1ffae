namespace ZeroShotCir.Captions;

/// <summary>What became of many images, or many queries.</summary>
/// <param name="Captioned">How many were asked about and answered.</param>
/// <param name="Reused">How many had their answer in the store.</param>
/// <param name="Failed">Those that failed, by id, in the order given; running again tries them again, after all others.</param>
/// <param name="NotTried">How many were not tried: see <paramref name="StoppedBy"/>.</param>
/// <param name="StoppedBy">
/// What ended the run before all were tried: the service refuses everything, or the last of too many failures in a row;
/// <see langword="null"/> where nothing did.
/// </param>
public sealed record CaptionRunResult(
    int Captioned, int Reused, IReadOnlyList<KeyValuePair<string, ZeroShotCirException>> Failed, int NotTried, ZeroShotCirException? StoppedBy = null);
