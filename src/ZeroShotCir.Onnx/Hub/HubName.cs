using System.Buffers;
using System.Text.RegularExpressions;

namespace ZeroShotCir.Onnx.Hub;

/// <summary>Checks names before they become paths: what a server or a user sends must not lead out of the cache.</summary>
internal static partial class HubName
{
    // No path of any system may come out of a name that was fine on another.
    private static readonly SearchValues<char> Unsafe = SearchValues.Create("\\:*?\"<>|");

    public static void ThrowIfInvalid(ModelRequest request)
    {
        string repository = request.Repository;
        if (!Repository().IsMatch(repository) || repository.Contains("..", StringComparison.Ordinal) || repository.Contains("--", StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{repository}' is not the name of a repository; expected OWNER/NAME such as Xenova/clip-vit-base-patch32.", nameof(request));
        }

        if (!IsSafePath(request.Revision))
        {
            throw new ArgumentException($"'{request.Revision}' is not a revision; expected a branch, a tag or a commit such as main.", nameof(request));
        }
    }

    public static string FileName(string name) => IsSafePath(name)
        ? name
        : throw Invalid($"the file name '{name}', which is not a plain relative path");

    public static string Commit(string? commit) => commit is not null && IsCommit(commit)
        ? commit
        : throw Invalid($"the commit '{commit}' where 40 hexadecimal digits were expected");

    public static string ETag(string? header)
    {
        string tag = header ?? string.Empty;
        tag = (tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag).Trim('"');
        return Tag().IsMatch(tag) ? tag : throw Invalid($"the ETag '{header}' where a checksum was expected");
    }

    public static bool IsCommit(string revision) => CommitDigits().IsMatch(revision);

    private static bool IsSafePath(string path)
        => path.Length is > 0 and <= 1024
            && !path.AsSpan().ContainsAny(Unsafe)
            && !path.Any(char.IsControl)
            && path.Split('/').All(part => part.Length > 0 && part is not ("." or "..") && !part.EndsWith('.') && !part.EndsWith(' '));

    private static ModelHubException Invalid(string what) => new($"The hub sent {what}. Check HF_ENDPOINT; nothing was written.")
    {
        Failure = ModelHubFailure.InvalidAnswer,
    };

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)?\z")]
    private static partial Regex Repository();

    [GeneratedRegex(@"\A[0-9a-f]{40}\z")]
    private static partial Regex CommitDigits();

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,128}\z")]
    private static partial Regex Tag();
}
