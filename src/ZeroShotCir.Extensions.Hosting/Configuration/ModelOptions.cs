using System.ComponentModel.DataAnnotations;

namespace ZeroShotCir.Extensions.Hosting.Configuration;

/// <summary>A model, as configuration names it: the section <c>Model</c>, or one of <c>Models</c> by its name.</summary>
public sealed class ModelOptions
{
    /// <summary>The model folder; a relative one counts from the content root of the host.</summary>
    /// <value>Required; must exist when the application starts.</value>
    [Required]
    [ExistingFolder("Name a folder as Hugging Face publishes models, such as 'cir model pull' fetches.")]
    public string? Folder { get; set; }

    /// <summary>The variant of its graphs: <c>fp32</c>, <c>fp16</c>, <c>q8</c> and so on.</summary>
    /// <value>The default value is <see langword="null"/>: the most faithful one there is.</value>
    public string? Precision { get; set; }

    /// <summary>How many images or texts go through a graph at once.</summary>
    /// <value>From 1 to 4096. The default value is <see langword="null"/>: that of the package that opens the model.</value>
    [Range(1, 4096)]
    public int? BatchSize { get; set; }

    /// <summary>How many threads share the work of one operator.</summary>
    /// <value>0 or more; 0 is one per physical core. The default value is <see langword="null"/>: that of the package that opens the model.</value>
    [Range(0, 1024)]
    public int? Threads { get; set; }
}
