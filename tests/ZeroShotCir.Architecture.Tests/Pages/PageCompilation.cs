using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ZeroShotCir.Tests.Pages;

/// <summary>The C# blocks of pages, compiled against everything that the packages bring, as a reader would who copies them.</summary>
internal static partial class PageCompilation
{
    private static readonly CSharpParseOptions Language = new(LanguageVersion.Preview);

    // What a block may take for granted because the text around it says so: an application's own things, never a type of ours that it would have to make.
    private const string Given = """
        global using static Given;
        internal static class Given
        {
            public static string[] args = [], files = [];
            public static Microsoft.Extensions.DependencyInjection.IServiceCollection services = null!;
            public static Microsoft.AspNetCore.Builder.WebApplicationBuilder builder = null!;
            public static System.Net.Http.HttpClient http = null!;
            public static Microsoft.Extensions.VectorData.VectorStore vectorStore = null!;
            public static string key = "";
            public static ZeroShotCir.Embeddings.IImageEncoder imageEncoder = null!;
            public static ZeroShotCir.Embeddings.ITextEncoder textEncoder = null!;
            public static ZeroShotCir.Retrieval.ComposedImageRetriever retriever = null!;
            public static ZeroShotCir.Retrieval.ComposedQuery query = null!;
            public static ZeroShotCir.Galleries.Gallery gallery = null!;
            public static ZeroShotCir.Imaging.ImageData[] pictures = [];
        }
        """;

    // What the SDKs of .NET bring by themselves; that of web applications where the block lies in one.
    private static readonly string[] Implicit =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks"];

    private static readonly string[] ImplicitInHosts =
    [
        "System.Net.Http.Json", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Routing",
        "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging",
    ];

    // Variables and functions that the excerpt does not use yet, a method that waits for nothing; and packages that were built against an older
    // version of another one, which NuGet resolves in silence.
    private static readonly string[] Pardoned = ["CS0168", "CS0219", "CS1998", "CS8321", "CS1701"];

    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    /// <summary>The compiled blocks; those of a page see the usings and types of the blocks above them.</summary>
    public static CSharpCompilation Create(IEnumerable<PageBlock> blocks)
    {
        List<SyntaxTree> trees = [CSharpSyntaxTree.ParseText(Given, Language)];
        foreach (IGrouping<Page, PageBlock> page in blocks.GroupBy(block => block.Page))
        {
            List<string> seen = []; // What stands further up on the page, a reader has seen.
            string name = $"Page{trees.Count}";
            trees.AddRange(page.Select((block, i) => CSharpSyntaxTree.ParseText(Whole(block, seen, name, $"Block{i}"), Language, page.Key.Name)).ToArray());
        }

        return CSharpCompilation.Create(
            "Pages",
            trees,
            References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true));
    }

    /// <summary>What a compiler has against them, with page and line.</summary>
    public static string[] Mistakes(CSharpCompilation compilation) =>
    [
        .. compilation.GetDiagnostics()
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && !Pardoned.Contains(diagnostic.Id))
            .Select(diagnostic => (Where: diagnostic.Location.GetMappedLineSpan(), Mistake: diagnostic))
            .OrderBy(found => found.Where.Path, StringComparer.Ordinal).ThenBy(found => found.Where.StartLinePosition)
            .Select(found => $"{found.Where.Path}({found.Where.StartLinePosition.Line + 1}): {found.Mistake.Id} {found.Mistake.GetMessage(CultureInfo.InvariantCulture)}")
            .Distinct(),
    ];

    // Statements go into a method, members beside it, types where the other blocks of the page see them, usings to the top; every part keeps its line.
    private static string Whole(PageBlock block, List<string> seen, string page, string name)
    {
        CompilationUnitSyntax root = CSharpSyntaxTree.ParseText(Directive().Replace(block.Text, "//"), Language).GetCompilationUnitRoot();
        seen.AddRange(root.Usings.Select(directive => directive.ToString()).Except(seen));
        bool inHost = new[] { "builder", "services", "Builder" }.Any(word => block.Text.Contains(word, StringComparison.Ordinal));
        StringBuilder text = new();
        text.AppendJoin('\n', Implicit.Concat(inHost ? ImplicitInHosts : []).Select(room => $"using {room};").Union(seen));
        text.Append($"\ninternal static partial class {page}\n{{\n");
        foreach (MemberDeclarationSyntax type in root.Members.Where(member => member is BaseTypeDeclarationSyntax))
        {
            Append(type);
        }

        text.Append($"private static class {name}\n{{\n");
        foreach (MemberDeclarationSyntax member in root.Members.Where(member => member is not (GlobalStatementSyntax or BaseTypeDeclarationSyntax)))
        {
            Append(member);
        }

        text.Append("public static async System.Threading.Tasks.Task RunAsync()\n{\n");
        foreach (GlobalStatementSyntax statement in root.Members.OfType<GlobalStatementSyntax>())
        {
            Append(statement);
        }

        return text.Append("\n}\n}\n}\n").ToString();

        void Append(MemberDeclarationSyntax part)
        {
            int line = block.Line + block.Text.AsSpan(0, part.FullSpan.Start).Count('\n');
            text.Append($"\n#line {line} \"{block.Page}\"\n{part.ToFullString()}\n");
        }
    }

    // What a program of a single file says to `dotnet run`, and to the shell.
    [GeneratedRegex("^#[:!]", RegexOptions.Multiline)]
    private static partial Regex Directive();
}
