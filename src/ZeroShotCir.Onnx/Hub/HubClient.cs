using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ZeroShotCir.Retries;

namespace ZeroShotCir.Onnx.Hub;

/// <summary>Talks to the hub: lists a revision, asks for a file's metadata, opens a file from an offset. Follows redirects itself, so that the token stays with the hub.</summary>
internal sealed class HubClient(HttpClient http, ModelHubOptions options, string repository)
{
    private const int MaxRedirects = 8;
    private const int MaxListingBytes = 32 << 20;
    private readonly HubRetry _retry = new(options);

    /// <summary>The commit of a revision, the names of its files, and the license.</summary>
    public Task<HubListing> ListAsync(string revision, CancellationToken cancellationToken)
        => _retry.RunAsync(async attempt =>
        {
            Uri address = Address($"api/models/{repository}/revision/{Uri.EscapeDataString(revision)}");
            using HttpResponseMessage response = await SendAsync(HttpMethod.Get, address, null, attempt).ConfigureAwait(false);
            ThrowIfFailed(response, $"revision '{revision}'");
            byte[] json = await ReadListingAsync(response, attempt).ConfigureAwait(false);
            return ParseListing(json);
        }, cancellationToken);

    /// <summary>A file's checksum and length, from the headers of the first answer: behind a redirect they are the storage's, not the hub's.</summary>
    public Task<HubFile> DescribeAsync(string commit, string file, CancellationToken cancellationToken)
        => _retry.RunAsync(async attempt =>
        {
            using HttpResponseMessage response = await SendAsync(HttpMethod.Head, FileAddress(commit, file), null, attempt, stopAtOtherHost: true).ConfigureAwait(false);
            if (!IsRedirect(response))
            {
                ThrowIfFailed(response, $"file '{file}'");
            }

            string etag = HubName.ETag(Header(response, "X-Linked-Etag") ?? response.Headers.ETag?.ToString() ?? Header(response, "ETag"));
            string? size = Header(response, "X-Linked-Size");
            long? length = size is not null && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out long linked)
                ? linked
                : response.Content.Headers.ContentLength;
            string answered = HubName.Commit(Header(response, "X-Repo-Commit"));
            return answered != commit || length is null
                ? throw Failed(ModelHubFailure.InvalidAnswer, $"did not describe file '{file}' of commit {commit} (commit {answered}, length {size ?? "unknown"})")
                : new HubFile(file, etag, length.Value);
        }, cancellationToken);

    /// <summary>Opens a file from an offset. The answer is a success; whether it starts at the offset is for the caller to see.</summary>
    public async Task<HttpResponseMessage> OpenAsync(string commit, string file, long offset, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await SendAsync(
            HttpMethod.Get, FileAddress(commit, file), offset > 0 ? new RangeHeaderValue(offset, null) : null, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return response;
        }

        try
        {
            ThrowIfFailed(response, $"file '{file}'");
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, Uri address, RangeHeaderValue? range, CancellationToken cancellationToken, bool stopAtOtherHost = false)
    {
        for (int hop = 0; hop <= MaxRedirects; hop++)
        {
            using HttpRequestMessage request = new(method, address);
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("ZeroShotCir", null));
            request.Headers.Range = range;
            // A compressed body has another length and other bytes than the file.
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
            if (options.Token is { } token && IsHub(address))
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            }

            HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (!IsRedirect(response) || response.Headers.Location is not { } location)
            {
                return response;
            }

            Uri next = new(address, location);
            if (stopAtOtherHost && !IsHub(next))
            {
                return response;
            }

            response.Dispose();
            if (next.Scheme != Uri.UriSchemeHttps && next.Scheme != address.Scheme)
            {
                throw Failed(ModelHubFailure.InvalidAnswer, $"redirects from {address.Scheme} to {next.Scheme}, which is not followed");
            }

            address = next;
        }

        throw Failed(ModelHubFailure.InvalidAnswer, $"redirects more than {MaxRedirects} times");
    }

    private static async Task<byte[]> ReadListingAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using MemoryStream buffer = new();
        Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            byte[] part = new byte[1 << 16];
            for (int read; (read = await body.ReadAsync(part, cancellationToken).ConfigureAwait(false)) > 0 && buffer.Length <= MaxListingBytes;)
            {
                buffer.Write(part, 0, read);
            }
        }

        return buffer.ToArray();
    }

    private HubListing ParseListing(byte[] json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json.AsMemory(0, Math.Min(json.Length, MaxListingBytes)));
            List<string> files = [];
            foreach (JsonElement sibling in document.RootElement.GetProperty("siblings").EnumerateArray())
            {
                files.Add(HubName.FileName(sibling.GetProperty("rfilename").GetString() ?? string.Empty));
            }

            return new HubListing(HubName.Commit(document.RootElement.GetProperty("sha").GetString()), files, LicenseOf(document.RootElement));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw Failed(ModelHubFailure.InvalidAnswer, "answered with something else than the list of files that a Hugging Face hub sends", e);
        }
    }

    // The card of the model says it, or a tag that the hub made of the card.
    private static string? LicenseOf(JsonElement listing)
    {
        if (listing.TryGetProperty("cardData", out JsonElement card) && card.ValueKind == JsonValueKind.Object
            && card.TryGetProperty("license", out JsonElement license) && license.ValueKind == JsonValueKind.String)
        {
            return license.GetString();
        }

        const string Mark = "license:";
        return listing.TryGetProperty("tags", out JsonElement tags) && tags.ValueKind == JsonValueKind.Array
            ? tags.EnumerateArray().Where(tag => tag.ValueKind == JsonValueKind.String).Select(tag => tag.GetString()!)
                .FirstOrDefault(tag => tag.StartsWith(Mark, StringComparison.Ordinal))?[Mark.Length..]
            : null;
    }

    private void ThrowIfFailed(HttpResponseMessage response, string what)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        string code = Header(response, "X-Error-Code") ?? string.Empty;
        int status = (int)response.StatusCode;
        ModelHubFailure failure = (status, code) switch
        {
            (_, "GatedRepo") => ModelHubFailure.Gated,
            (401, _) => ModelHubFailure.Unauthorized,
            (403, _) => ModelHubFailure.Gated,
            (404 or 410, _) => ModelHubFailure.NotFound,
            (429, _) => ModelHubFailure.RateLimited,
            (408 or >= 500, _) => ModelHubFailure.Unavailable,
            _ => ModelHubFailure.InvalidAnswer,
        };
        string advice = failure switch
        {
            ModelHubFailure.Gated => $"Accept the terms at {Address(repository)} and give a token of that account by HF_TOKEN.",
            ModelHubFailure.Unauthorized => "Check the spelling of the repository, or give a valid token by HF_TOKEN.",
            ModelHubFailure.NotFound => "Check the spelling of the repository and the revision.",
            ModelHubFailure.RateLimited => "Try again later; a token by HF_TOKEN raises the limit.",
            _ => "Try again later; what was downloaded is kept.",
        };
        string answer = $"answered {status}{(code.Length > 0 ? $" ({code})" : string.Empty)} for {what}. {advice}";
        throw Failed(failure, answer, null, RetryDelay.FromHeaders(name => Header(response, name), options.Clock));
    }

    private ModelHubException Failed(ModelHubFailure failure, string what, Exception? cause = null, TimeSpan? retryAfter = null)
        => new($"The hub {options.Endpoint} {what} [repository '{repository}'].", cause) { Failure = failure, RetryAfter = retryAfter };

    private Uri Address(string path) => new($"{options.Endpoint.AbsoluteUri.TrimEnd('/')}/{path}");

    private Uri FileAddress(string commit, string file)
        => Address($"{repository}/resolve/{commit}/{string.Join('/', file.Split('/').Select(Uri.EscapeDataString))}");

    private bool IsHub(Uri address)
        => Uri.Compare(address, options.Endpoint, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static bool IsRedirect(HttpResponseMessage response) => (int)response.StatusCode is 301 or 302 or 303 or 307 or 308;

    private static string? Header(HttpResponseMessage response, string name)
        => response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;
}
