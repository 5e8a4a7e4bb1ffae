using System.CommandLine;
using System.Diagnostics;
using ZeroShotCir.Answers;
using ZeroShotCir.Captions;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Extensions.AI.Composition;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Runs;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir compose</c>: descriptions of the targets of a benchmark's queries, by a chat model; goes on where it stopped.</summary>
internal sealed class ComposeCommand : ToolCommand
{
    private readonly DatasetOptions _dataset;
    private readonly ComposerOptions _composer;
    private readonly Option<FileInfo?> _captions = new("--captions") { Description = "Captions of the references, as 'cir caption --ids name' writes them.", HelpName = "FILE" };
    private readonly Option<FileInfo> _out = ToolOptions.OutFile("Where the descriptions go, one line of JSON per query. What it already holds is not asked for again.");
    private readonly ChatModelOptions _chat;

    public ComposeCommand()
        : base(
            "compose",
            "Describe the targets of a benchmark's queries by a chat model, for 'cir eval --composition'.",
            "cir compose --dataset cirr --root CIRR --composer openai:gpt-4o --out targets.jsonl\n"
            + "cir eval --dataset cirr --root CIRR --model models/clip --composition targets.jsonl --fusion target --alpha 1")
    {
        _dataset = new DatasetOptions(this);
        _composer = new ComposerOptions(this, "The chat model that writes.", isRequired: true);
        Add(_captions);
        Add(_out);
        _chat = new ChatModelOptions(this);
        Validators.Add(result =>
        {
            bool hasFile = result.GetValue(_captions) is not null;
            string from = _composer.From(result);
            if (hasFile == (from == "image"))
            {
                result.AddError(hasFile ? "--captions is for --from captions or --from both." : $"--from {from} needs the captions of the references; give --captions FILE.");
            }
        });
    }

    public override bool KeepsWork => true;

    public override async Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        Stopwatch clock = Stopwatch.StartNew();
        IReadOnlyDictionary<string, IReadOnlyList<string>>? captions = arguments.GetValue(_captions) is { } captionFile ? CaptionFile.Read(captionFile.FullName) : null;
        List<(QueryComposition Composition, EvaluationQuery Query, string Name)> queries = [];
        foreach (EvaluationDataset dataset in _dataset.Read(arguments))
        {
            QueryComposition composition = new(dataset, _composer.ShowsImage(arguments), captions);
            queries.AddRange(dataset.Queries.Zip(composition.Names, (query, name) => (composition, query, name)));
        }

        string model = _composer.Model(arguments)!;
        (Microsoft.Extensions.AI.IChatClient client, Extensions.AI.Chat.ChatSettings settings) = _chat.Connect(arguments, model);
        using (client)
        {
            FileInfo file = arguments.GetRequiredValue(_out);
            file.Directory?.Create();
            using AnswerStore store = AnswerStore.Open(file.FullName);
            ChatTargetDescriber describer = new(client, new ChatDescriberOptions { Chat = settings });
            AnswerRunner<ComposedQuery> runner = new(
                new StoredTargetDescriber(describer, store).Answers(_composer.Count(arguments)), new AnswerRunnerOptions { MaxConcurrency = _chat.Concurrency(arguments) });
            AnswerRunResult run = await terminal.TrackAsync("queries", queries.Count, progress => runner.RunAsync(
                [.. queries.Select(query => query.Name)], index => queries[index].Composition.Compose(queries[index].Query), progress, cancellationToken));
            CaptionDocument document = CaptionDocument.From(describer.DescriberId, run, 0, TokenDocument.From(describer.Usage), clock.Elapsed.TotalSeconds);
            return CaptionReport.Create(terminal, document, file, "targets");
        }
    }
}
