namespace ZeroShotCir.Extensions.AI.Composition;

/// <summary>What a model is told when it judges an image that was found. The reference, the request, the image and the form of the answer are added to it.</summary>
public sealed record VerifierPrompt
{
    /// <summary>Makes a prompt.</summary>
    /// <param name="system">Who the model is and what holds for all images.</param>
    /// <param name="instruction">What is asked of this image; stands before query and image.</param>
    public VerifierPrompt(string system, string instruction)
    {
        System = system;
        Instruction = instruction;
    }

    /// <summary>Who the model is and what holds for all images.</summary>
    public string System { get; init; }

    /// <summary>What is asked of this image; stands before query and image.</summary>
    public string Instruction { get; init; }

    /// <summary>Asks for a number from 0 to 10: what the request asks for counts first, what it leaves alone second.</summary>
    public static VerifierPrompt Default { get; } = new(
        "You judge the results of an image search. Somebody has a reference picture and says how the picture they search for differs from it. "
        + "You compare a found picture with what they search for, and you are strict about the request.",
        "First see whether the found picture shows everything the request asks for and nothing it takes away; if not, it fits badly, however much it "
        + "resembles the reference. Then see whether it keeps what the request leaves alone. Answer with a number: 0 for a picture that ignores the "
        + "request, 5 for one that follows it in part, 10 for one that follows it and otherwise resembles the reference.");

    /// <summary>Asks whether the image is what is searched for; the model answers yes or no.</summary>
    public static VerifierPrompt YesNo { get; } = new(
        Default.System,
        "Does the found picture show everything the request asks for, nothing it takes away, and otherwise what the reference shows?");
}
