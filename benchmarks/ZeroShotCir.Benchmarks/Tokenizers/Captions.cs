namespace ZeroShotCir.Benchmarks.Tokenizers;

/// <summary>Texts as composed retrieval has them: what to change about a picture, and what a picture shows.</summary>
internal static class Captions
{
    private static readonly string[] Patterns =
    [
        "is {0} and has {1}", "has {1} instead of {1}, and is more {2}", "A {2} photo of a {3} {4} in the {5}.", "the same {3}, but {0} and with {1}",
        "replace the {3} with two {3}s {4} near the {5}", "It's {0}, it isn't {2}; remove the {3} from the {5}", "a {2} {3} {4} beside a {0} {3}, {5} behind",
        "show the {3} from above with a {0} background", "longer, {2} and less {2} than this one", "Make it {0}! The {3} should be {4}",
        "a close-up of a {0} {3} on a {2} table, 35mm, f/1.8", "one {3} {4} next to the {5} at night, city lights, no people",
    ];

    private static readonly string[][] Slots =
    [
        ("red|navy blue|light grey|black and white|dark green|off-white|burgundy|mustard yellow|teal|striped|floral|polka-dotted|"
            + "leopard print|plaid|gold|silver|turquoise|beige|cream-coloured|neon pink").Split('|'),
        ("long sleeves|a v-neck|thin straps|a belt at the waist|a floral print|no buttons|a higher hemline|lace details|a keyhole back|"
            + "cap sleeves|ruffles|a graphic of an eagle|the word 'Hawaii'|a crew neck|a side slit|an asymmetric hem|zip pockets|a hood|"
            + "embroidery|puffed shoulders").Split('|'),
        "formal|casual|elegant|blurry|colorful|vintage|modern|wooden|revealing|flowy|fitted|shiny|dramatic|minimalist|crowded|snowy|sunlit|rustic|handmade|playful".Split('|'),
        ("dress|shirt|dog|golden retriever|cat|bicycle|boat|child|woman|man|laptop|teapot|sofa|bus|horse|giraffe|church|bridge|"
            + "umbrella|backpack|sandwich|violin|lighthouse|penguin").Split('|'),
        ("sitting|standing|running|jumping over a fence|lying on the grass|looking at the camera|swimming|sleeping|holding a ball|"
            + "being washed|eating|parked|hanging on a wall|covered in snow").Split('|'),
        "park|kitchen|beach|street|living room|forest|mountains|harbour|classroom|stadium|garden|desert|library|supermarket|café|field of wheat|train station".Split('|'),
    ];

    /// <summary>The model folder of the samples.</summary>
    public static string SampleModel
    {
        get
        {
            DirectoryInfo? folder = new(AppContext.BaseDirectory);
            while (folder is not null && !Directory.Exists(Path.Combine(folder.FullName, "samples", "TinyFashion")))
            {
                folder = folder.Parent;
            }

            return Path.Combine(folder?.FullName ?? string.Empty, "samples", "TinyFashion", "models", "clip");
        }
    }

    public static IEnumerable<string> Endless(int seed)
    {
        Random random = new(seed);
        while (true)
        {
            string text = Patterns[random.Next(Patterns.Length)];
            for (int slot = 0; slot < Slots.Length; slot++)
            {
                string hole = $"{{{slot}}}";
                for (int at = text.IndexOf(hole, StringComparison.Ordinal); at >= 0; at = text.IndexOf(hole, StringComparison.Ordinal))
                {
                    text = text[..at] + Slots[slot][random.Next(Slots[slot].Length)] + text[(at + hole.Length)..];
                }
            }

            yield return text;
        }
    }

    public static IEnumerable<string> EndlessNewWords(int seed)
    {
        const string Letters = "etaoinshrdlucmfwypvbgk";
        Random random = new(seed);
        while (true)
        {
            yield return string.Join(' ', Enumerable.Range(0, 8).Select(_ => string.Concat(random.GetItems<char>(Letters, random.Next(3, 9)))));
        }
    }
}
