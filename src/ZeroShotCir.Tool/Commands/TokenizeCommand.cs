using System.CommandLine;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Models;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Runs;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir tokenize</c>: the ids that a model's text encoder receives.</summary>
internal sealed class TokenizeCommand : ToolCommand
{
    private const int Shown = 10;
    private readonly EncoderOptions _model;
    private readonly Option<FileInfo> _texts = ToolOptions.TextFile();

    public TokenizeCommand()
        : base("tokenize", "Show the ids that a model's text encoder receives.", "cir tokenize --model models/clip --texts texts.jsonl --json ids.json")
    {
        _model = new EncoderOptions(this, readsPictures: false);
        Add(_texts);
    }

    public override Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        IReadOnlyList<(string Id, string Text)> texts = TextLines.Read(arguments.GetRequiredValue(_texts));
        OnnxModelFolder model = _model.Open(arguments);
        List<TokenizedLine> results = new(texts.Count);
        foreach ((_, string text) in texts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TokenizedText tokenized = model.Tokenize(text);
            results.Add(new TokenizedLine(tokenized.Ids, tokenized.IsTruncated ? true : null));
            if (results.Count <= Shown)
            {
                terminal.Out.MarkupLineInterpolated($"{string.Join(' ', tokenized.Ids.Take(tokenized.Tokens))}  [grey]{text}[/]");
            }
        }

        int cut = results.Count(result => result.Truncated is true);
        terminal.Out.MarkupLineInterpolated($"{results.Count:N0} texts, {cut:N0} cut to the model's length");
        return Task.FromResult(ToolResult.From(new TokenizeDocument(results), json => json.TokenizeDocument));
    }
}
