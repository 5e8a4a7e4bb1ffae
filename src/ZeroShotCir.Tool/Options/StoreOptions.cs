using System.CommandLine;
using System.CommandLine.Parsing;
using ZeroShotCir.Galleries.Stores;

namespace ZeroShotCir.Tool.Options;

/// <summary>The options by which a command uses a store.</summary>
internal sealed class StoreOptions
{
    private readonly Option<string[]> _stores;
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

    /// <param name="command">The command.</param>
    /// <param name="name">What the option is called.</param>
    /// <param name="isRequired">Whether the command does nothing without a store.</param>
    /// <param name="allowsReplicas">Whether several stores may be named, which hold the same gallery.</param>
    public StoreOptions(Command command, string name, bool isRequired, bool allowsReplicas = false)
    {
        string more = allowsReplicas ? " Given again, the next one is asked where this one is slow, fails or lacks something: replicas of one gallery." : "";
        _stores = new Option<string[]>(name)
        {
            Description = $"redis://host[:port][,host…]/gallery or postgres://[user[:password]@]host[:port]/database/gallery.{more}",
            HelpName = "STORE",
            Required = isRequired,
            DefaultValueFactory = _ => [],
        };
        _stores.Validators.Add(result =>
        {
            if (!allowsReplicas && result.Tokens.Count > 1)
            {
                result.AddError($"'cir {command.Name}' takes one {name}, but {result.Tokens.Count} were given. Do it for each of them.");
            }
        });
        command.Add(_stores);
        command.Add(_depth);
        command.Add(_hnsw);
        command.Add(_half);
        command.Add(_shards);
    }

    /// <summary>Whether a store was named.</summary>
    public bool IsGiven(ParseResult arguments) => arguments.GetValue(_stores)!.Length > 0;

    /// <summary>Whether a store was named.</summary>
    public bool IsGiven(CommandResult result) => result.GetValue(_stores) is { Length: > 0 };

    /// <summary>The first address that was given, without a password.</summary>
    public string NameOf(ParseResult arguments)
    {
        string address = arguments.GetValue(_stores)![0];
        int at = address.LastIndexOf('@');
        int hosts = address.IndexOf("://", StringComparison.Ordinal) + 3;
        return at < hosts ? address : address[..hosts] + address[(at + 1)..];
    }

    public async Task<IGalleryStore> OpenAsync(ParseResult arguments)
    {
        List<IGalleryStore> stores = [];
        try
        {
            foreach (string address in arguments.GetValue(_stores)!)
            {
                stores.Add(await OpenedStore.OpenAsync(
                    address, arguments.GetValue(_depth), arguments.GetValue(_hnsw), arguments.GetValue(_half), arguments.GetValue(_shards)));
            }
        }
        catch when (stores.Count > 0)
        {
            await new ReplicatedGalleryStore(stores).DisposeAsync();
            throw;
        }

        return stores is [var only] ? only : new ReplicatedGalleryStore(stores);
    }
}
