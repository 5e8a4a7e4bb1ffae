namespace ZeroShotCir.AspNetCore.Contracts;

/// <summary>A reference image: an item of the gallery, or a picture that was uploaded. One of the two.</summary>
internal sealed class SearchReference
{
    /// <summary>The id of an item.</summary>
    public string? Item { get; set; }

    /// <summary>The name that an uploaded picture was given.</summary>
    public string? Picture { get; set; }

    /// <summary>Its weight beside the other references; negative to search away from it.</summary>
    public double Weight { get; set; } = 1;
}
