namespace ZeroShotCir.Extensions.AI.Composition;

/// <summary>What a model is told when it describes the target of a composed query. The reference, the request and the form of the answer are added to it.</summary>
public sealed record TargetPrompt
{
    /// <summary>Makes a prompt.</summary>
    /// <param name="system">Who the model is and what holds for all queries.</param>
    /// <param name="instruction">What is asked of this query; stands before it.</param>
    public TargetPrompt(string system, string instruction)
    {
        System = system;
        Instruction = instruction;
    }

    /// <summary>Who the model is and what holds for all queries.</summary>
    public string System { get; init; }

    /// <summary>What is asked of this query; stands before it.</summary>
    public string Instruction { get; init; }

    /// <summary>
    /// Asks for one plain sentence about the picture after the change, in the words that an image-text model compares well: what can be
    /// seen, never the change itself. Several descriptions keep less and less of the reference, so that their mean does not rest on one guess.
    /// </summary>
    public static TargetPrompt Default { get; } = new(
        "You help an image search. Somebody has a reference picture and says how the picture they search for differs from it. You describe "
        + "the picture they search for as if it lay before you. You state what is visible in it and never speak of a change, a request or a reference.",
        "Decide in silence what the request changes, what it takes away, what it leaves as it is, and what of the reference no longer matters. "
        + "Then describe the picture searched for in one plain sentence of at most 25 words, what the request asks for first. If several "
        + "descriptions are asked for, begin with one that keeps everything the request does not touch, and let each next one keep less of the reference.");
}
