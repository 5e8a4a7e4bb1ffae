namespace ZeroShotCir.Extensions.AI.Captioning;

/// <summary>What a model is told when it describes an image. The number of captions and the form of the answer are added to it.</summary>
public sealed record CaptionPrompt
{
    /// <summary>Makes a prompt.</summary>
    /// <param name="system">Who the model is and what holds for all images.</param>
    /// <param name="instruction">What is asked of this image; stands beside it.</param>
    public CaptionPrompt(string system, string instruction)
    {
        System = system;
        Instruction = instruction;
    }

    /// <summary>Who the model is and what holds for all images.</summary>
    public string System { get; init; }

    /// <summary>What is asked of this image; stands beside it.</summary>
    public string Instruction { get; init; }

    /// <summary>
    /// Asks for what image search needs: one plain sentence with what can be seen and what someone could ask to change —
    /// objects, their number, colors, materials, patterns, shapes, what they do, and the scene.
    /// </summary>
    public static CaptionPrompt Default { get; } = new(
        "You write captions by which images are found. You state what is visible, never what is guessed, and never mention the image itself.",
        "Describe this image in one plain sentence of at most 30 words. Name the main objects and how many there are, then their colours, "
        + "materials, patterns and shapes, what they are doing, and the surroundings. If several captions are asked for, let each one "
        + "put another visible aspect first.");
}
