using System.CommandLine;
using ZeroShotCir.Composition;
using ZeroShotCir.Tool.Places;

namespace ZeroShotCir.Tool.Options;

/// <summary>The option that names a projection made from a corpus of texts.</summary>
internal sealed class ProjectionOption
{
    private readonly Option<FileInfo?> _file = new("--projection")
    {
        Description = "The projection that --fusion basic reads, as 'cir gallery project --out' writes it.",
        HelpName = "FILE.safetensors",
    };

    public ProjectionOption(Command command) => command.Add(_file);

    /// <summary>The projection; <see langword="null"/> where none was given.</summary>
    public CorpusProjection? Read(ParseResult arguments) => arguments.GetValue(_file) is { } file ? CorpusProjection.Open(file.FullName) : null;

    /// <summary>As a row's own command repeats it; empty where none was given.</summary>
    public string ArgumentsOf(ParseResult arguments) => arguments.GetValue(_file) is { } file ? $"{_file.Name} {CommandLineWord.Quoted(file.ToString())}" : "";
}
