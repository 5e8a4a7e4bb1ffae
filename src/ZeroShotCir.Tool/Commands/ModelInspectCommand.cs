using System.CommandLine;
using Spectre.Console;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Models;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir model inspect</c>: what was found in a model folder, and why it is used so.</summary>
internal sealed class ModelInspectCommand : ToolCommand
{
    private readonly Argument<DirectoryInfo> _folder = new("DIR") { Description = "The model folder." };

    private readonly Option<string?> _variant = new("--precision", "--variant") { Description = "Which variant of the graphs; without it, the most faithful one there is." };

    public ModelInspectCommand()
        : base("inspect", "Explain what a model folder holds and how it is used.", "cir model inspect models/clip --precision q8")
    {
        _variant.AcceptOnlyFromAmong([.. ModelPrecision.All.Select(precision => precision.Name)]);
        Add(_folder);
        Add(_variant);
    }

    public override Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        OnnxModelFolder model = OnnxModelFolder.Open(
            arguments.GetRequiredValue(_folder).ToString(),
            new OnnxModelOptions { Precision = arguments.GetValue(_variant) is { } name ? ModelPrecision.Parse(name) : null });
        ModelInspection found = model.Inspect();
        terminal.Out.Write(Draw(found));
        return Task.FromResult(ToolResult.From(found, json => json.ModelInspection));
    }

    private static Tree Draw(ModelInspection found)
    {
        string dimensions = found.Dimensions is { } known ? $"{known} dimensions, " : "";
        Tree tree = new(Markup.FromInterpolated($"[bold]{found.Family}[/]  {dimensions}{(found.IsUnitLength ? "unit length" : "raw length")}"));
        foreach ((string role, GraphInspection graph) in found.Graphs)
        {
            TreeNode node = tree.AddNode(Markup.FromInterpolated($"[bold]{role}[/]  {graph.File}"));
            foreach (GraphTensor tensor in graph.Inputs)
            {
                node.AddNode(Markup.FromInterpolated($"[grey]takes[/] {tensor.Name}  {tensor.Type} {tensor.Shape}"));
            }

            foreach (GraphTensor tensor in graph.Outputs)
            {
                node.AddNode(Markup.FromInterpolated($"[grey]gives[/] {tensor.Name}  {tensor.Type} {tensor.Shape}"));
            }
        }

        if (found.Preprocessing is { } preprocessing)
        {
            string crop = preprocessing.Crop is { } size ? $", crop {size}" : "";
            string scale = $"mean {Describe(preprocessing.Mean)}, std {Describe(preprocessing.Std)}";
            tree.AddNode(Markup.FromInterpolated($"[bold]preprocessing[/]  {preprocessing.Resize} {preprocessing.Size}, {preprocessing.Filter}{crop}, {scale}"));
        }

        if (found.Tokenizer is { } tokenizer)
        {
            tree.AddNode(Markup.FromInterpolated($"[bold]tokenizer[/]  {tokenizer.Kind}, {tokenizer.VocabularySize:N0} ids, at most {tokenizer.ContextLength} per text"));
        }

        foreach (string note in found.Notes)
        {
            tree.AddNode(Markup.FromInterpolated($"[grey]note[/] {note}"));
        }

        return tree;
    }

    private static string Describe(RgbValues values) => $"{values.Red} {values.Green} {values.Blue}";
}
