using System.ComponentModel.DataAnnotations;

namespace ZeroShotCir.AspNetCore.Configuration;

/// <summary>What the page and the endpoints of image search show and refuse: the section <c>ZeroShotCir:Web</c>, or set in code.</summary>
public sealed class ImageSearchOptions
{
    /// <summary>The title of the page.</summary>
    /// <value>The default value is <c>Image search</c>.</value>
    [Required]
    public string Title { get; set; } = "Image search";

    /// <summary>How many images are found where a request does not say.</summary>
    /// <value>From 1 to 10,000. The default value is 24.</value>
    [Range(1, 10_000)]
    public int Count { get; set; } = 24;

    /// <summary>The most images that one request may ask for.</summary>
    /// <value>From 1 to 10,000. The default value is 200.</value>
    [Range(1, 10_000)]
    public int MaxCount { get; set; } = 200;

    /// <summary>The largest picture that is taken.</summary>
    /// <value>In bytes, from 1 KiB to 1 GiB. The default value is 20 MiB.</value>
    [Range(1L << 10, 1L << 30)]
    public long MaxUploadBytes { get; set; } = 20L << 20;

    /// <summary>The largest picture that is decoded.</summary>
    /// <value>Width × height, from 1 to 1,000 million. The default value is 50 million.</value>
    [Range(1L, 1_000_000_000L)]
    public long MaxPixels { get; set; } = 50_000_000;

    /// <summary>The most reference images of one search.</summary>
    /// <value>From 1 to 64. The default value is 8.</value>
    [Range(1, 64)]
    public int MaxReferences { get; set; } = 8;

    /// <summary>The longest text, in characters; a model reads less of it in any case.</summary>
    /// <value>From 1 to 100,000. The default value is 1,000.</value>
    [Range(1, 100_000)]
    public int MaxTextLength { get; set; } = 1000;

    /// <summary>How many searches and uploads of one client are answered each second; three times as many in a burst.</summary>
    /// <value>0 for any number, or up to 1,000,000. The default value is 20. Further ones get the status 429.</value>
    [Range(0, 1_000_000)]
    public int RequestsPerSecond { get; set; } = 20;

    /// <summary>The folder of the pictures of a gallery that was not made of a folder, so that nobody said where they are; their <c>file</c> metadata must lie in it.</summary>
    /// <value>The default value is <see langword="null"/>: only pictures below the folders that the gallery follows are shown.</value>
    public string? PictureFolder { get; set; }
}
