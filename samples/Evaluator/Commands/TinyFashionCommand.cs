using System.CommandLine;
using ZeroShotCir.Evaluator.CommandLine;
using ZeroShotCir.Evaluator.Output;

namespace ZeroShotCir.Evaluator.Commands;

/// <summary><c>cir</c> alone: the built-in world, end to end.</summary>
internal sealed class TinyFashionCommand : ToolCommand
{
    public TinyFashionCommand()
        : base(
            "cir",
            "Composed image retrieval: find the picture that is like this one, but changed as this sentence says. Without a command, the built-in TinyFashion world is evaluated end to end.",
            "cir --report report.html")
    {
        Add(Report);
    }

    public Option<FileInfo> Report { get; } = new("--report")
    {
        Description = "Where the report goes.",
        HelpName = "FILE.html",
        DefaultValueFactory = _ => new FileInfo("report.html"),
    };

    public override Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
        => throw new NotSupportedException();
}
