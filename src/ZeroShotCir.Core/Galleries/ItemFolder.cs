namespace ZeroShotCir.Galleries;

/// <summary>The folders that ids of items speak of.</summary>
internal static class ItemFolder
{
    /// <summary>The folder of an id that is a path; empty at the top.</summary>
    public static string FromId(string id) => id.LastIndexOf('/') is > 0 and var end ? id[..end] : "";
}
