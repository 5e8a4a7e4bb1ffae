using System.CommandLine;
using ZeroShotCir.Extensions.Http.Embeddings;
using ZeroShotCir.Onnx.Hub;
using ZeroShotCir.Onnx.Models;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Places;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary>Which model a gallery is made with where --model says nothing: the gallery's own, the configured one, or the hub's default, which is asked for first.</summary>
internal sealed class ModelChoice
{
    /// <summary>The variable that configures a model.</summary>
    public const string Variable = "ZEROSHOTCIR_MODEL";

    /// <summary>What is offered to somebody who has no model.</summary>
    public const string DefaultRepository = "Xenova/clip-vit-base-patch32";
    private readonly EncoderOptions _model;
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = $"Without a model, download {DefaultRepository} from the hub and do not ask." };

    public ModelChoice(ToolCommand command, EncoderOptions model)
    {
        _model = model;
        command.Add(_yes);
    }

    /// <summary>Finds the model, or brings it.</summary>
    /// <exception cref="BadUsageException">There is none, and nobody said that it may be downloaded.</exception>
    public async Task<IndexedModel> FindAsync(ParseResult arguments, IndexedModel? indexed, Terminal terminal, CancellationToken cancellationToken)
    {
        if (_model.IsGiven(arguments))
        {
            return _model.Remember(arguments);
        }

        if (indexed is not null)
        {
            return indexed;
        }

        return Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } configured
            ? _model.Remember(arguments, HttpEmbeddingModel.IsName(configured) ? configured : Path.GetFullPath(configured))
            : _model.Remember(arguments, await DefaultAsync(arguments, terminal, cancellationToken));
    }

    private async Task<string> DefaultAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        ModelRequest request = new(DefaultRepository) { Precision = _model.Precision(arguments) is { } precision ? ModelPrecision.Parse(precision) : null };
        ModelHubOptions options = ModelHubOptions.FromEnvironment();
        using (ModelHub cache = new(new ModelHubOptions(options) { Offline = true }))
        {
            try
            {
                ModelDownload kept = await cache.DownloadAsync(request, null, cancellationToken);
                terminal.Note($"no --model was given: {DefaultRepository}, which is in the cache");
                return kept.Folder;
            }
            catch (ModelHubException) when (!options.Offline)
            {
                // Not there, or not whole: the hub has it.
            }
        }

        using ModelHub hub = new(options);
        ModelOffer offer = await AskAsync(hub, request, cancellationToken);
        string what = FormattableString.Invariant($"{DefaultRepository} ({offer.MissingBytes / 1e6:N0} MB, license {offer.License ?? "not named"}) from {options.Endpoint.Host}");
        if (!arguments.GetValue(_yes) && !terminal.Confirm($"No --model was given. Download {what}?"))
        {
            throw new BadUsageException($"There is no model. Give --model DIR, set {Variable}, or say --yes to download {what}.");
        }

        terminal.Note($"downloading {what}");
        ModelDownload model = await terminal.TrackAsync(DefaultRepository, DownloadPercent.Whole, bar => hub.DownloadAsync(request, new DownloadPercent(bar), cancellationToken));
        return model.Folder;
    }

    private static async Task<ModelOffer> AskAsync(ModelHub hub, ModelRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await hub.DescribeAsync(request, cancellationToken);
        }
        catch (ModelHubException e)
        {
            throw new ModelHubException($"There is no model: give --model DIR, or set {Variable}. The default one cannot be had: {e.Message}", e)
            {
                Failure = e.Failure,
                RetryAfter = e.RetryAfter,
            };
        }
    }
}
