using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.OpenApi;
using ZeroShotCir.AspNetCore.Contracts;
using ZeroShotCir.AspNetCore.Endpoints;
using ZeroShotCir.AspNetCore.Limits;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the page and the endpoints of image search.</summary>
public static class ImageSearchEndpointRouteBuilderExtensions
{
    private const int MaxRequestBytes = 64 << 10;

    /// <summary>
    /// Maps the page under a path, and below it <c>api/search</c>, <c>api/pictures</c>, <c>api/items</c>, <c>api/gallery</c>,
    /// <c>api/strategies</c> and <c>api/openapi.json</c>. Bad requests are answered by problem details with the status 400, 404, 413, 415 or 429.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="path">Where the page is: empty for the root, or such as <c>/photos</c>.</param>
    /// <param name="gallery">The name of the gallery in the configuration; <see langword="null"/> for the one without.</param>
    /// <returns>The endpoints, to demand authorization of them or the like.</returns>
    /// <exception cref="InvalidOperationException">The services of <c>AddZeroShotCir(configuration)</c> and <c>UseImageSearch()</c> are not registered.</exception>
    public static IEndpointConventionBuilder MapImageSearch(this IEndpointRouteBuilder endpoints, string path = "", string? gallery = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(path);
        IServiceProvider provider = endpoints.ServiceProvider;
        if (provider.GetService<RateFilter>() is not { } rates)
        {
            throw new InvalidOperationException("MapImageSearch() needs services that are not registered. Chain UseImageSearch() behind AddZeroShotCir(configuration).");
        }

        ImageSearchServices services = provider.GetRequiredKeyedService<ImageSearchServices>(gallery ?? ImageSearchBuilderExtensions.Unnamed);
        RouteGroupBuilder group = endpoints.MapGroup(path.TrimEnd('/'));
        ProblemFilter problems = new(provider.GetRequiredService<ILogger<ProblemFilter>>());
        group.AddEndpointFilter(problems);
        group.WithTags("Image search");
        MapPage(group);
        MapSearch(group, services, rates);
        MapItems(group, services);
        group.MapOpenApi("/api/openapi.json");
        return group;
    }

    private static void MapPage(RouteGroupBuilder group)
    {
        // Relative addresses of the page count from its folder, so that it must end with a slash.
        group.MapGet("/", (HttpContext context) => context.Request.Path.Value is { } own && !own.EndsWith('/')
            ? Results.Redirect($"{context.Request.PathBase}{own}/")
            : PageFiles.Find(null, context)!).ExcludeFromDescription();
        group.MapGet("/{file}", (string file, HttpContext context) => PageFiles.Find(file, context)
            ?? throw RequestProblem.NotFound("There is no such page.")).ExcludeFromDescription();
        group.Map("/api/{**rest}", IResult () => throw RequestProblem.NotFound("There is no such endpoint; api/openapi.json lists them.")).ExcludeFromDescription();
    }

    private static void MapSearch(RouteGroupBuilder group, ImageSearchServices services, RateFilter rates)
    {
        group.MapPost("/api/search", async (HttpContext context, CancellationToken aborted) => Json(
                await services.Searcher.SearchAsync(await ReadAsync(context).ConfigureAwait(false), aborted).ConfigureAwait(false), ImageSearchJson.Default.SearchResponse))
            .AddEndpointFilter(rates)
            .WithName("search").WithSummary("Searches by text, references, or both.")
            .AddOpenApiOperationTransformer((operation, context, aborted) => DescribeBodyAsync(operation, context, typeof(SearchRequest), ["application/json"], aborted))
            .Produces<SearchResponse>().WithProblems(400, 404, 413, 415, 429, 503);
        group.MapPost("/api/pictures", async (HttpContext context, CancellationToken aborted) => Json(
                await services.Uploads.TakeAsync(context, aborted).ConfigureAwait(false), ImageSearchJson.Default.UploadedPicture, StatusCodes.Status201Created))
            .AddEndpointFilter(rates)
            .WithName("uploadPicture").WithSummary("Takes a picture to search with: the body is its bytes.")
            .AddOpenApiOperationTransformer((operation, context, aborted)
                => DescribeBodyAsync(operation, context, typeof(Stream), ["image/*", "application/octet-stream"], aborted))
            .Produces<UploadedPicture>(StatusCodes.Status201Created).WithProblems(400, 413, 415, 429, 503);
    }

    private static void MapItems(RouteGroupBuilder group, ImageSearchServices services)
    {
        group.MapGet("/api/gallery", () => Json(services.Searcher.Describe(), ImageSearchJson.Default.GalleryDescription))
            .WithName("gallery").WithSummary("Describes the gallery, the defaults and the limits.").Produces<GalleryDescription>();
        group.MapGet("/api/strategies", () => Json(services.Searcher.Strategies(), ImageSearchJson.Default.IReadOnlyListStrategyDescription))
            .WithName("strategies").WithSummary("Lists the composition strategies.").Produces<IReadOnlyList<StrategyDescription>>();
        group.MapGet("/api/items", async (string? id, CancellationToken aborted) => Json(
                await services.Searcher.DescribeItemAsync(id, aborted).ConfigureAwait(false), ImageSearchJson.Default.ItemDescription))
            .WithName("item").WithSummary("Describes an image.").Produces<ItemDescription>().WithProblems(400, 404);
        group.MapGet("/api/items/picture", (string? id, HttpContext context) => services.Pictures.PictureAsync(id, context))
            .WithName("picture").WithSummary("Gives the picture of an image.").Produces<byte[]>(200, "image/jpeg", "image/png", "image/webp", "image/gif").WithProblems(400, 404);
        group.MapGet("/api/items/thumbnail", (string? id, string? edge, HttpContext context) => services.Pictures.ThumbnailAsync(id, edge, context))
            .WithName("thumbnail").WithSummary("Gives a small copy of the picture of an image; edge is its longer edge in pixels.")
            .Produces<byte[]>(200, "image/jpeg", "image/png", "image/webp", "image/gif").WithProblems(400, 404);
    }

    // Told to routing as well, what a body must be would send other bodies to the endpoint that knows nothing, and its answer is another.
    private static async Task DescribeBodyAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, Type type, string[] mediaTypes, CancellationToken cancellationToken)
    {
        OpenApiSchema schema = await context.GetOrCreateSchemaAsync(type, null, cancellationToken).ConfigureAwait(false);
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = mediaTypes.ToDictionary(mediaType => mediaType, _ => new OpenApiMediaType { Schema = schema }),
        };
    }

    private static RouteHandlerBuilder WithProblems(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        foreach (int status in statuses)
        {
            endpoint.ProducesProblem(status);
        }

        return endpoint;
    }

    private static IResult Json<T>(T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
        => Results.Json(value, type, statusCode: status);

    private static async Task<SearchRequest> ReadAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
        {
            throw RequestProblem.UnsupportedMedia("Send the search as JSON, with the Content-Type application/json.");
        }

        byte[] body = await RequestBody.ReadAsync(context, MaxRequestBytes, "a search").ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize(body, ImageSearchJson.Default.SearchRequest) ?? throw RequestProblem.BadRequest("The search is null; expected an object.");
        }
        catch (JsonException e)
        {
            string place = string.IsNullOrEmpty(e.Path) || e.Path == "$" ? "" : $" at {e.Path}";
            throw RequestProblem.BadRequest(
                $"The JSON of the search cannot be read{place}: a member is not known, or a value is not of its kind. api/openapi.json says what is expected.");
        }
    }
}
