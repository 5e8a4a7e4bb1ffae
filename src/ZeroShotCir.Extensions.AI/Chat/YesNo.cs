namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>How sure a model is of a yes, read from the probabilities of the first token of its answer.</summary>
/// <param name="Yes">The probability of yes where only yes and no count: σ(yes - no) of their log-probabilities.</param>
/// <param name="Mass">The probability of yes and no together, as far as they were listed.</param>
/// <param name="IsBounded">Whether one of the two was not listed, so that a bound stands in its place.</param>
internal readonly record struct YesNo(double Yes, double Mass, bool IsBounded)
{
    /// <summary>The share that yes and no must have together: below, the model was about to say something else.</summary>
    public const double LeastMass = 0.5;

    /// <summary>Reads a first token.</summary>
    /// <returns>
    /// <see langword="null"/> where yes and no together are less likely than anything else. A token counts with its case and the blanks
    /// around it taken away, as tokenizers write them.
    /// </returns>
    public static YesNo? FromToken(FirstToken token)
    {
        double yes = 0, no = 0, all = 0, least = 1;
        foreach ((string text, double logarithm) in token.Listed)
        {
            double probability = Math.Exp(logarithm);
            all += probability;
            least = Math.Min(least, probability);
            switch (Word(text))
            {
                case "yes":
                    yes += probability;
                    break;
                case "no":
                    no += probability;
                    break;
            }
        }

        double mass = yes + no;
        if (mass < LeastMass)
        {
            return null;
        }

        // What is not listed is no likelier than the least that is, nor than what all of them leave over.
        double bound = Math.Max(Math.Min(least, 1 - all), double.Epsilon);
        bool isBounded = yes == 0 || no == 0;
        yes = yes == 0 ? Math.Min(bound, no) : yes;
        no = no == 0 ? Math.Min(bound, yes) : no;
        return new YesNo(yes / (yes + no), Math.Min(mass, 1), isBounded);
    }

    // Blanks as they are, as SentencePiece writes them, and as byte-level BPE does.
    private static string Word(string token) => token.Trim().Trim('\u2581', '\u0120', '\u010A').Trim().ToLowerInvariant();
}
