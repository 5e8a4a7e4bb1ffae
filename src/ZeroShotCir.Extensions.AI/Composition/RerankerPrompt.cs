namespace ZeroShotCir.Extensions.AI.Composition;

/// <summary>What a model is told when it puts images into an order. The reference, the request, the images and the form of the answer are added to it.</summary>
public sealed record RerankerPrompt
{
    /// <summary>Writes a prompt.</summary>
    /// <param name="system">Who the model is and what holds for all queries.</param>
    /// <param name="instruction">What is asked of these images; stands before query and images.</param>
    public RerankerPrompt(string system, string instruction)
    {
        System = system;
        Instruction = instruction;
    }

    /// <summary>Who the model is and what holds for all queries.</summary>
    public string System { get; init; }

    /// <summary>What is asked of these images; stands before query and images.</summary>
    public string Instruction { get; init; }

    /// <summary>Asks for all numbers, the best image first: what the request asks for counts first, what it leaves alone second.</summary>
    public static RerankerPrompt Default { get; } = new(
        "You judge the results of an image search. Somebody has a reference picture and says how the picture they search for differs from it. "
        + "You compare found pictures, which are numbered, with what they search for, and you are strict about the request.",
        "Put the found pictures into the order of how well they fit, the best first. A picture that shows everything the request asks for and nothing "
        + "it takes away comes before one that does not, however much that resembles the reference. Among pictures that follow the request alike, "
        + "the one that keeps more of what the request leaves alone comes first.");
}
