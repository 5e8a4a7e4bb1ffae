namespace ZeroShotCir.Composition;

/// <summary>Arithmetic with meanings over any number of images and texts, negative weights pushing away.</summary>
internal sealed class SignedSum(StrategyArguments arguments) : LinearStrategy(arguments)
{
    // The reference's captions count only where they are given a weight.
    public override IReadOnlyList<TermRole> Roles { get; } =
        [.. arguments.Definition.Terms.Select(term => term.Role).Where(role => role != TermRole.ReferenceDescription || arguments["description"] != 0)];

    protected internal override bool IsNormalized => Arguments["unit"] > 0;

    protected internal override void Weigh(TermGeometry terms, Span<double> weights)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            string parameter = Roles[i] switch
            {
                TermRole.Image => "image",
                TermRole.Text => "text",
                _ => "description",
            };

            // The captions of a reference describe one thing, however many there are.
            weights[i] = Arguments[parameter] * (Roles[i] == TermRole.ReferenceDescription ? 1 : terms.Magnitude(Roles[i]));
        }
    }
}
