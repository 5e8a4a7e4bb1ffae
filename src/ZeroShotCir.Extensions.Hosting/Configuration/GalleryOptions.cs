using System.ComponentModel.DataAnnotations;
using ZeroShotCir.Galleries;

namespace ZeroShotCir.Extensions.Hosting.Configuration;

/// <summary>A gallery and how it is searched, as configuration names it: the section <c>Gallery</c>, or one of <c>Galleries</c> by its name.</summary>
public sealed class GalleryOptions
{
    /// <summary>The gallery folder; a relative one counts from the content root of the host.</summary>
    /// <value>
    /// Must hold a gallery when the application starts. The default value is <see langword="null"/>: the application registers the gallery in
    /// code, <c>UseGallery(gallery)</c>, or a store, <c>UseStore(store)</c>. Beside a store the folder is that of the gallery which was pushed:
    /// its pictures and folders are shown, and nothing in it is searched.
    /// </value>
    [ExistingFolder("Make a gallery first, by 'cir index' or a GalleryBuilder.", Holding = "manifest.json")]
    public string? Folder { get; set; }

    /// <summary>The name of the model it is searched with, one of <c>Models</c>.</summary>
    /// <value>The default value is <see langword="null"/>: the model without a name.</value>
    public string? Model { get; set; }

    /// <summary>How the terms of a query become scores: a name of the table of strategies, with its parameters behind a colon or in <see cref="Parameters"/>.</summary>
    /// <value>Such as <c>slerp</c> or <c>soft:lambda=0.5</c>. The default value is <c>weighted</c>.</value>
    [Required]
    [KnownStrategy]
    public string Strategy { get; set; } = "weighted";

    /// <summary>The strategy's parameters by name; they go before those that <see cref="Strategy"/> writes.</summary>
    /// <value>The default value is empty.</value>
    public IDictionary<string, double> Parameters { get; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>The weight of the text, the paper's α.</summary>
    /// <value>From 0 to 1. The default value is 0.8.</value>
    [Range(0.0, 1.0)]
    public double Alpha { get; set; } = Composition.StrategyArguments.DefaultAlpha;

    /// <summary>How much captions count against images, the paper's β.</summary>
    /// <value>From 0 to 1. The default value is <see langword="null"/>: what a store's rows are folded for, where a store is searched, otherwise 0.1.</value>
    [Range(0.0, 1.0)]
    public double? Beta { get; set; }

    /// <summary>Which formula scores.</summary>
    /// <value>The default value is <see cref="Scoring.Paper"/>.</value>
    [EnumDataType(typeof(Scoring))]
    public Scoring Scoring { get; set; }

    /// <summary>How an item without captions is scored.</summary>
    /// <value>The default value is <see cref="MissingCaptions.ImageOnly"/>.</value>
    [EnumDataType(typeof(MissingCaptions))]
    public MissingCaptions MissingCaptions { get; set; }

    /// <summary>Whether model and gallery are opened and used once while the application starts, so that no request waits for it, and a wrong one fails the start.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool WarmUp { get; set; } = true;

    /// <summary>How often it is looked whether another process updated the gallery or the store; zero for never.</summary>
    /// <value>From 0 to a day. The default value is 10 seconds.</value>
    [AtMostADay]
    public TimeSpan ReloadInterval { get; set; } = TimeSpan.FromSeconds(10);
}
