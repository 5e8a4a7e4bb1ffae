using System.ComponentModel;
using System.Reflection;

namespace ZeroShotCir.Tests;

/// <summary>Namespaces of a package have no cycles, by what its compiled types mention: a <c>using</c> may be written for nothing, and a neighbor needs none.</summary>
public class NamespaceCycleTests
{
    [Fact]
    public void Namespaces_have_no_cycles()
    {
        List<Mention> mentions = [.. Package.AllAndTool.SelectMany(package => MentionsIn(package.Assembly))];
        Assert.True(mentions.Count > 500, $"Only {mentions.Count} mentions of other namespaces were seen; the check does not read the assemblies.");

        ILookup<string, Mention> graph = mentions.ToLookup(mention => mention.From);
        IEnumerable<string> cycles = graph.SelectMany(group => group)
            .Where(mention => Reaches(graph, mention.To, mention.From))
            .Select(mention => mention.ToString()).Distinct().Order(StringComparer.Ordinal);
        Assert.True(!cycles.Any(), $"These mentions are parts of cycles of namespaces:{Environment.NewLine}{string.Join(Environment.NewLine, cycles)}");
    }

    /// <summary>A package's root namespace is for whoever begins: its types use rooms, and rooms never use them.</summary>
    [Fact]
    public void Rooms_do_not_use_the_root()
    {
        IEnumerable<string> upwards = Package.AllAndTool.SelectMany(package => MentionsIn(package.Assembly)
                .Where(mention => mention.To == package.RootNamespace && mention.From.StartsWith(package.RootNamespace + ".", StringComparison.Ordinal)))
            .Select(mention => mention.ToString()).Distinct().Order(StringComparer.Ordinal);

        Assert.True(!upwards.Any(), string.Join(Environment.NewLine, upwards));
    }

    /// <summary>
    /// The tool's rooms, from the top to the bottom: commands use all others, runs do what options say, and what is written or shown is made of
    /// outcomes alone, whoever ran.
    /// </summary>
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Commands"] = ["Runs", "Serving", "Options", "Documents", "Screens", "Outcomes", "Places"],
        ["Runs"] = ["Options", "Outcomes", "Places"],
        ["Serving"] = ["Options", "Outcomes", "Places"],
        ["Options"] = ["Outcomes", "Places"],
        ["Documents"] = ["Outcomes"],
        ["Screens"] = ["Outcomes"],
        ["Outcomes"] = [],
        ["Places"] = [],
    };

    [Fact]
    public void Rooms_of_the_tool_use_those_below_them()
    {
        List<Mention> mentions = [.. MentionsIn(Package.Tool.Assembly)];
        IEnumerable<string> wrong = mentions.Where(mention => !MayUse.GetValueOrDefault(RoomOf(mention.From), []).Contains(RoomOf(mention.To)))
            .Select(mention => mention.ToString()).Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(MayUse.Keys.Order(), mentions.SelectMany(mention => (string[])[RoomOf(mention.From), RoomOf(mention.To)]).Distinct().Order());
        Assert.True(!wrong.Any(), $"These mentions go against the order of the tool's rooms:{Environment.NewLine}{string.Join(Environment.NewLine, wrong)}");

        static string RoomOf(string space) => space[(Package.Tool.RootNamespace.Length + 1)..];
    }

    [Fact]
    public void A_cycle_is_seen_in_signatures_attributes_and_bodies()
    {
        IReadOnlySet<Type> mentioned = MentionedTypes.In(typeof(Sample<>));

        HashSet<Type> expected =
        [
            typeof(Attribute), typeof(DescriptionAttribute), typeof(IComparable), typeof(EventArgs), typeof(Uri), typeof(UriBuilder), typeof(TimeZoneInfo),
            typeof(Random), typeof(List<>), typeof(FormatException), typeof(Lazy<>),
        ];
        Assert.Superset(expected, new HashSet<Type>(mentioned));
    }

    private static IEnumerable<Mention> MentionsIn(Assembly assembly)
        => from type in assembly.GetTypes()
           where IsOurs(type)
           from mentioned in MentionedTypes.In(type)
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
