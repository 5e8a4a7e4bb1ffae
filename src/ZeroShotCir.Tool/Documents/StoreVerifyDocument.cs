namespace ZeroShotCir.Tool.Documents;

/// <summary>The document of <c>cir gallery verify --store</c>.</summary>
internal sealed record StoreVerifyDocument(string Store, long Rows, long Compared, int Searched, int Found, IReadOnlyList<string> Problems, double Seconds) : PartialResult;
