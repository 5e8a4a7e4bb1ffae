namespace ZeroShotCir.AspNetCore.Limits;

/// <summary>A request that cannot be answered, with the status that says whose fault it is and a sentence that says what to do.</summary>
internal sealed class RequestProblem(int status, string title, string detail) : Exception(detail)
{
    public int Status => status;

    public string Title => title;

    public static RequestProblem BadRequest(string detail) => new(400, "The request cannot be understood.", detail);

    public static RequestProblem Unsearchable(string detail) => new(400, "The query cannot be searched for.", detail);

    public static RequestProblem NotFound(string detail) => new(404, "There is no such thing.", detail);

    public static RequestProblem TooLarge(string detail) => new(413, "That is too large.", detail);

    public static RequestProblem UnsupportedMedia(string detail) => new(415, "That is not read here.", detail);
}
