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
    private readonly Option<string> _composer = new("--composer") { Description = "The chat model that writes.", HelpName = $"{ChatModelOptions.Prefix}MODEL", Required = true };
    private readonly Option<string> _from = new("--from")
    {
        Description = "What it gets of the reference: the image (as in OSrCIR), its captions (as in CIReVL; the model needs no eyes), or both.",
        HelpName = "image|captions|both",
        DefaultValueFactory = _ => "image",
    };

    private readonly Option<FileInfo?> _captions = new("--captions") { Description = "Captions of the references, as 'cir caption --ids name' writes them.", HelpName = "FILE" };
    private readonly Option<int> _count = ToolOptions.Count("--count", 1, "How many descriptions of each target; evaluation averages them (as in LDRE).");
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
        _composer.Validators.Add(ChatModelOptions.RequirePrefix);
        _from.AcceptOnlyFromAmong("image", "captions", "both");
        Add(_composer);
        Add(_from);
        Add(_captions);
        Add(_count);
        Add(_out);
        _chat = new ChatModelOptions(this);
        Validators.Add(result =>
        {
            bool hasFile = result.GetValue(_captions) is not null;
            string from = result.GetValue(_from) ?? "image";
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
            QueryComposition composition = new(dataset, arguments.GetValue(_from) != "captions", captions);
            queries.AddRange(dataset.Queries.Zip(composition.Names, (query, name) => (composition, query, name)));
        }

        string model = ChatModelOptions.ModelOf(arguments.GetRequiredValue(_composer));
        (Microsoft.Extensions.AI.IChatClient client, Extensions.AI.Chat.ChatSettings settings) = _chat.Connect(arguments, model);
        using (client)
        {
            FileInfo file = arguments.GetRequiredValue(_out);
            file.Directory?.Create();
            using AnswerStore store = AnswerStore.Open(file.FullName);
            ChatTargetDescriber describer = new(client, new ChatDescriberOptions { Chat = settings });
            AnswerRunner<ComposedQuery> runner = new(
                new StoredTargetDescriber(describer, store).Answers(arguments.GetValue(_count)), new AnswerRunnerOptions { MaxConcurrency = _chat.Concurrency(arguments) });
            AnswerRunResult run = await terminal.TrackAsync("queries", queries.Count, progress => runner.RunAsync(
                [.. queries.Select(query => query.Name)], index => queries[index].Composition.Compose(queries[index].Query), progress, cancellationToken));
            CaptionDocument document = CaptionDocument.From(describer.DescriberId, run, 0, TokenDocument.From(describer.Usage), clock.Elapsed.TotalSeconds);
            return CaptionReport.Create(terminal, document, file, "targets");
        }
    }
}
