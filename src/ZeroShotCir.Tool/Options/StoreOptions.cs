using System.CommandLine;
using System.CommandLine.Parsing;
using ZeroShotCir.Galleries.Stores;

namespace ZeroShotCir.Tool.Options;

/// <summary>The options by which a command uses a store.</summary>
internal sealed class StoreOptions
{
    private readonly Option<string?> _store;
    private readonly Option<int?> _depth = new("--depth")
    {
        Description = "How many candidates an approximate search looks at: more find more of the true best ones.",
        HelpName = "N",
    };

    private readonly Option<bool> _hnsw = new("--hnsw")
    {
        Description = "PostgreSQL: search by the graph of pgvector, which a push builds at its end, rather than compare every row.",
    };

    private readonly Option<bool> _half = new("--half") { Description = "PostgreSQL: keep the rows of a new gallery in half precision." };
    private readonly Option<int?> _shards = new("--store-shards")
    {
        Description = "Redis: in how many vector sets a new gallery is spread (default: four for each node of a cluster).",
        HelpName = "N",
    };

    public StoreOptions(Command command, string name, bool isRequired)
    {
        _store = new Option<string?>(name)
        {
            Description = "redis://host[:port][,host…]/gallery or postgres://[user[:password]@]host[:port]/database/gallery.",
            HelpName = "STORE",
            Required = isRequired,
        };
        command.Add(_store);
        command.Add(_depth);
        command.Add(_hnsw);
        command.Add(_half);
        command.Add(_shards);
    }

    /// <summary>Whether a store was named.</summary>
    public bool IsGiven(ParseResult arguments) => arguments.GetValue(_store) is not null;

    /// <summary>Whether a store was named.</summary>
    public bool IsGiven(CommandResult result) => result.GetValue(_store) is not null;

    /// <summary>The address that was given, without a password.</summary>
    public string NameOf(ParseResult arguments)
    {
        string address = arguments.GetValue(_store)!;
        int at = address.LastIndexOf('@');
        int hosts = address.IndexOf("://", StringComparison.Ordinal) + 3;
        return at < hosts ? address : address[..hosts] + address[(at + 1)..];
    }

    public Task<IGalleryStore> OpenAsync(ParseResult arguments)
        => OpenedStore.OpenAsync(
            arguments.GetValue(_store)!, arguments.GetValue(_depth), arguments.GetValue(_hnsw), arguments.GetValue(_half), arguments.GetValue(_shards));
}
