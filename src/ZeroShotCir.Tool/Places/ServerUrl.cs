namespace ZeroShotCir.Tool.Places;

/// <summary>Where a server of models answers.</summary>
internal static class ServerUrl
{
    /// <summary>Reads an absolute address of http or https; <see langword="null"/> where it is none.</summary>
    public static Uri? Parse(string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https" ? url : null;
}
