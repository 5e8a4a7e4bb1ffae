using System.Reflection;
using System.Runtime.CompilerServices;
using ZeroShotCir.Evaluation;

namespace ZeroShotCir.Tests;

/// <summary>What a public type may look like, so that it can grow after its first release: see docs/decisions/0012-shapes-of-the-api.md.</summary>
public class ApiShapeTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>What people make themselves to hand it in, though it cannot be changed afterwards, and why.</summary>
    private static readonly Dictionary<string, string> Inputs = new(StringComparer.Ordinal)
    {
        ["ZeroShotCir.Retrieval.ComposedQuery"] = "a query",
        ["ZeroShotCir.Retrieval.GallerySearchRequest"] = "the search seam: what a custom retriever asks",
        ["ZeroShotCir.Retrieval.GallerySearchInfo"] = "the search seam: what a custom search says of itself",
        ["ZeroShotCir.Retrieval.GallerySearchResult"] = "the search seam: what a custom search answers",
        ["ZeroShotCir.Retrieval.GallerySearchStatistics"] = "the search seam: what a custom search answers",
        ["ZeroShotCir.Retrieval.GalleryHit"] = "the search seam: what a custom search answers",
        ["ZeroShotCir.Galleries.Stores.StoreAnswer"] = "the store seam: what a custom store answers",
        ["ZeroShotCir.Galleries.Stores.StoreHit"] = "the store seam: what a custom store answers",
        ["ZeroShotCir.Galleries.GalleryItem"] = "the store seam: what a custom store reads",
        ["ZeroShotCir.Galleries.Indexing.GalleryEntry"] = "an item for a gallery",
        ["ZeroShotCir.Galleries.Indexing.GallerySource"] = "an image for a gallery",
        ["ZeroShotCir.Galleries.Indexing.NamedFolder"] = "a folder for a gallery",
        ["ZeroShotCir.Imaging.Preprocessing.ImagePreprocessing"] = "what custom encoders preprocess by; compared by its values",
        ["ZeroShotCir.Imaging.Preprocessing.ImageReading"] = "what custom encoders say of themselves; compared by its values",
        ["ZeroShotCir.Embeddings.EncoderInfo"] = "what custom encoders say of themselves; compared by its values",
        ["ZeroShotCir.Embeddings.ComposedInput"] = "an image and a text to encode",
        ["ZeroShotCir.Composition.StrategyArguments"] = "what custom strategies are made with",
        ["ZeroShotCir.Composition.StrategyTerm"] = "what custom strategies say of themselves",
        ["ZeroShotCir.Answers.AnswerRecord"] = "a line of a store of answers",
        ["ZeroShotCir.Onnx.Hub.ModelRequest"] = "a model to download",
        ["ZeroShotCir.Evaluation.Settings.EvaluationSetting"] = "a way to rank; compared by its values",
        ["ZeroShotCir.Evaluation.Statistics.ComparisonCandidate"] = "a row to compare",
        ["ZeroShotCir.Evaluation.Datasets.EvaluationQuery"] = "a query of somebody's own data set",
        ["ZeroShotCir.Evaluation.Sessions.SessionDataset"] = "somebody's own sessions",
        ["ZeroShotCir.Evaluation.Sessions.EvaluationSession"] = "a session of somebody's own",
        ["ZeroShotCir.Evaluation.Settings.NamedSetting"] = "a setting to measure",
        ["ZeroShotCir.Retrieval.RerankedCandidate"] = "made by one's own rerankers",
        ["ZeroShotCir.Evaluation.Sessions.EvaluationTurn"] = "a turn of somebody's own session",
        ["ZeroShotCir.Extensions.Http.Embeddings.EmbeddingPrice"] = "what a service is paid",
        ["ZeroShotCir.Extensions.AI.Captioning.CaptionPrompt"] = "what a model is told",
        ["ZeroShotCir.Extensions.AI.Composition.RerankerPrompt"] = "what a model is told",
        ["ZeroShotCir.Extensions.AI.Composition.TargetPrompt"] = "what a model is told",
        ["ZeroShotCir.Extensions.AI.Composition.VerifierPrompt"] = "what a model is told",
    };

    private static IEnumerable<Type> PublicTypes => Package.All.SelectMany(package => package.Assembly.GetExportedTypes());

    [Fact]
    public void Only_small_values_are_positional()
    {
        IEnumerable<string> positional = from type in PublicTypes
                                         let parts = type.GetMethod("Deconstruct", Declared)?.GetParameters().Length ?? 0
                                         where parts > 0 && !(type.IsValueType && parts <= 3)
                                         select $"{type.FullName} of {parts}";

        None(positional);
    }

    [Fact]
    public void No_signature_has_a_tuple()
    {
        IEnumerable<string> tuples = from type in PublicTypes
                                     from member in type.GetMembers(Declared)
                                     from mentioned in Signature(member).SelectMany(Parts)
                                     where mentioned.IsAssignableTo(typeof(ITuple))
                                     select $"{type.FullName}.{member.Name}";

        None(tuples.Distinct());
    }

    [Fact]
    public void Options_are_classes_whose_properties_can_be_set()
    {
        Type[] options = [.. PublicTypes.Where(IsOptions)];
        Assert.True(options.Length > 20, $"Only {options.Length} options were found; the check does not see them.");

        None(options.Where(type => IsRecord(type) || type.GetConstructor([]) is null).Select(type => $"{type.FullName} is a record, or has no constructor without parameters"));
        None(from type in options
             from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
             where (property.SetMethod is not { IsPublic: true } || IsInitOnly(property)) && !IsDictionary(property.PropertyType)
             select $"{type.FullName}.{property.Name} cannot be set");
    }

    [Fact]
    public void Results_are_made_by_the_library_alone()
    {
        string[] found = [.. PublicTypes.Where(type => IsData(type) && type.GetConstructors().Length > 0).Select(type => type.FullName!)];

        None(found.Except(Inputs.Keys));
        None(Inputs.Keys.Except(found));
    }

    [Fact]
    public void A_copy_of_options_has_every_value()
    {
        int compared = 0;
        foreach (Type type in PublicTypes.Where(type => IsOptions(type) && type.GetConstructor([type]) is not null))
        {
            foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            {
                object original = Activator.CreateInstance(type)!;
                if (Another(property, original) is { } other)
                {
                    property.SetValue(original, other);
                    Assert.True(
                        Equals(other, property.GetValue(Activator.CreateInstance(type, original))),
                        $"A copy of {type.FullName} has not its {property.Name}.");
                    compared++;
                }
            }
        }

        Assert.True(compared > 50, $"Only {compared} values were compared.");
    }

    private static void None(IEnumerable<string> violations) => Assert.True(!violations.Any(), string.Join(Environment.NewLine, violations));

    private static bool IsOptions(Type type) => type is { IsClass: true, IsAbstract: false }
        && (type.Name.EndsWith("Options", StringComparison.Ordinal) || (type.Name.EndsWith("Settings", StringComparison.Ordinal) && type != typeof(MeasuredSettings)));

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$", Declared) is not null;

    // Nothing but values: no contract is fulfilled, nothing can be set, nothing is done.
    private static bool IsData(Type type)
    {
        if (!type.IsClass || type.IsAbstract || type.BaseType != typeof(object) || IsOptions(type) || type.GetInterfaces().Any(contract => !contract.IsGenericType))
        {
            return false;
        }

        PropertyInfo[] properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance);
        return properties.Length > 0 && properties.All(property => property.SetMethod is not { IsPublic: true } || IsInitOnly(property))
            && type.GetMethods(Declared).All(method => !method.IsPublic || method.IsSpecialName || method.IsStatic || method.GetBaseDefinition() != method || IsOfRecord(method));
    }

    private static bool IsOfRecord(MethodInfo method) => method.Name is "<Clone>$" or "Equals" or "GetHashCode" or "ToString";

    private static bool IsInitOnly(PropertyInfo property)
        => property.SetMethod!.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    // Filled rather than replaced, which configuration can do as well.
    private static bool IsDictionary(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IDictionary<,>);

    private static IEnumerable<Type> Signature(MemberInfo member) => member switch
    {
        MethodBase { IsPublic: false, IsFamily: false, IsFamilyOrAssembly: false } => [],
        MethodInfo method => [method.ReturnType, .. method.GetParameters().Select(parameter => parameter.ParameterType)],
        ConstructorInfo constructor => constructor.GetParameters().Select(parameter => parameter.ParameterType),
        FieldInfo { IsPublic: true } or FieldInfo { IsFamily: true } => [((FieldInfo)member).FieldType],
        _ => [],
    };

    private static IEnumerable<Type> Parts(Type type) => type.HasElementType
        ? Parts(type.GetElementType()!)
        : type.GetGenericArguments().Where(argument => !argument.IsGenericParameter).SelectMany(Parts).Append(type);

    // A value that the property does not have by itself; none where only an object of a contract would do.
    private static object? Another(PropertyInfo property, object options)
    {
        object? value = property.GetValue(options);
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type switch
        {
            _ when type == typeof(bool) => !(bool)(value ?? false),
            _ when type.IsEnum => Enum.GetValues(type).Cast<object>().First(other => !other.Equals(value)),
            _ when type == typeof(string) => "https://other.example/",
            _ when type == typeof(Uri) => new Uri("https://other.example/"),
            _ when type == typeof(TimeSpan) => ((TimeSpan?)value ?? TimeSpan.FromSeconds(1)) * 2,
            _ when type == typeof(int) => Possible(property, options, ((int?)value ?? 0) + 1, 256, 280),
            _ when type == typeof(long) => ((long?)value ?? 0) + 1,
            _ when type == typeof(double) => Possible(property, options, 0.25, 0.75),
            _ when type == typeof(float) => 0.25f,
            _ => null,
        };
    }

    private static object? Possible(PropertyInfo property, object options, params object[] candidates) => candidates.FirstOrDefault(candidate =>
    {
        try
        {
            property.SetValue(options, candidate);
            return true;
        }
        catch (TargetInvocationException e) when (e.InnerException is ArgumentException)
        {
            return false;
        }
    });
}
