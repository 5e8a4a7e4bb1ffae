namespace ZeroShotCir.Onnx.Hub;

/// <summary>What a download would bring, before it is asked for.</summary>
public sealed class ModelOffer
{
    internal ModelOffer(string repository, HubListing listing, IReadOnlyList<HubFile> files, IReadOnlyList<HubFile> missing)
    {
        Repository = repository;
        Commit = listing.Commit;
        License = listing.License;
        Files = [.. files.Select(file => file.Name)];
        Bytes = files.Sum(file => file.Length);
        MissingBytes = missing.Sum(file => file.Length);
    }

    /// <summary>The repository, such as <c>Xenova/clip-vit-base-patch32</c>.</summary>
    public string Repository { get; }

    /// <summary>The commit that the revision is at.</summary>
    public string Commit { get; }

    /// <summary>The license as the hub names it, such as <c>mit</c>; <see langword="null"/> where it names none.</summary>
    public string? License { get; }

    /// <summary>The files that the model needs. Weights that lie beside a graph are among them where they are named after it.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>The length of all files, in bytes.</summary>
    public long Bytes { get; }

    /// <summary>The length of those that the cache does not have, in bytes.</summary>
    public long MissingBytes { get; }
}
