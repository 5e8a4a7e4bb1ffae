using System.ComponentModel;
using System.Reflection;

namespace ZeroShotCir.Tests;

/// <summary>Namespaces of a package have no cycles, by what its compiled types mention: a <c>using</c> may be written for nothing, and a neighbor needs none.</summary>
public class NamespaceCycleTests
{
    /// <summary>The types that close a cycle today, each with the namespace it ought not to know. Only ever take lines out.</summary>
    private static readonly (string Type, string Mentions)[] Known =
    [
        ("ZeroShotCir.Evaluation.EvaluationRunner", "ZeroShotCir.Evaluation.Ranking"),
        ("ZeroShotCir.Onnx.Joint.JointEncoder", "ZeroShotCir.Onnx.Encoders"),
        ("ZeroShotCir.Onnx.Models.ModelIdentity", "ZeroShotCir.Onnx.Joint"),
        ("ZeroShotCir.Onnx.Models.ModelParts", "ZeroShotCir.Onnx.Joint"),
        ("ZeroShotCir.Onnx.Models.OnnxModelFolder", "ZeroShotCir.Onnx.Encoders"),
        ("ZeroShotCir.Onnx.Models.OnnxModelFolder", "ZeroShotCir.Onnx.Joint"),
        ("ZeroShotCir.Onnx.Models.OnnxModelOptions", "ZeroShotCir.Onnx.Joint"),
        ("ZeroShotCir.Similarity.ExactIndex", "ZeroShotCir.Kernels"),
    ];

    [Fact]
    public void Namespaces_have_no_cycles_but_the_known_ones()
    {
        List<Mention> mentions = [.. Package.All.SelectMany(package => MentionsIn(package.Assembly))];
        Assert.True(mentions.Count > 500, $"Only {mentions.Count} mentions of other namespaces were seen; the check does not read the assemblies.");

        IEnumerable<string> gone = Known.Where(known => !mentions.Any(mention => mention.Is(known))).Select(known => $"{known.Type} does not mention {known.Mentions} any more; take the line out of {nameof(Known)}.");
        Assert.True(!gone.Any(), string.Join(Environment.NewLine, gone));

        ILookup<string, Mention> graph = mentions.Where(mention => !Known.Any(mention.Is)).ToLookup(mention => mention.From);
        IEnumerable<string> cycles = graph.SelectMany(group => group)
            .Where(mention => Reaches(graph, mention.To, mention.From))
            .Select(mention => mention.ToString()).Distinct().Order(StringComparer.Ordinal);
        Assert.True(!cycles.Any(), $"These mentions are parts of cycles of namespaces:{Environment.NewLine}{string.Join(Environment.NewLine, cycles)}");
    }

    [Fact]
    public void A_cycle_is_seen_in_signatures_attributes_and_bodies()
    {
        IReadOnlySet<Type> mentioned = MentionedTypes.Of(typeof(Sample<>));

        Assert.Superset(
            new HashSet<Type> { typeof(Attribute), typeof(DescriptionAttribute), typeof(IComparable), typeof(EventArgs), typeof(Uri), typeof(UriBuilder), typeof(TimeZoneInfo), typeof(Random), typeof(List<>), typeof(FormatException), typeof(Lazy<>) },
            new HashSet<Type>(mentioned));
    }

    private static IEnumerable<Mention> MentionsIn(Assembly assembly)
        => from type in assembly.GetTypes()
           where IsOurs(type)
           from mentioned in MentionedTypes.Of(type)
           where mentioned.Assembly == assembly && IsOurs(mentioned) && mentioned.Namespace != type.Namespace
           select new Mention(Outermost(type).FullName!, type.Namespace!, Outermost(mentioned).FullName!, mentioned.Namespace!);

    // What compilers add of their own has no namespace, or somebody else's.
    private static bool IsOurs(Type type) => type.Namespace?.StartsWith("ZeroShotCir", StringComparison.Ordinal) == true;

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static bool Reaches(ILookup<string, Mention> graph, string from, string to)
    {
        HashSet<string> seen = [from];
        Stack<string> open = new(seen);
        while (open.TryPop(out string? next))
        {
            if (next == to)
            {
                return true;
            }

            foreach (string further in graph[next].Select(mention => mention.To).Where(seen.Add))
            {
                open.Push(further);
            }
        }

        return false;
    }

    private sealed record Mention(string Type, string From, string Mentioned, string To)
    {
        public bool Is((string Type, string Mentions) known) => Type == known.Type && To == known.Mentions;

        public override string ToString() => $"{Type} mentions {Mentioned}";
    }

    [Description("It only holds one mention of each kind.")]
    private abstract class Sample<T> : Attribute, IComparable
        where T : EventArgs
    {
        private Uri? Field { get; set; }

        public abstract int CompareTo(object? obj);

        protected object Body()
        {
            try
            {
                List<Random> local = [];
                return new Lazy<object>(() => new UriBuilder(Field!)).Value ?? (object)local;
            }
            catch (FormatException)
            {
                return TimeZoneInfo.Local;
            }
        }
    }
}
