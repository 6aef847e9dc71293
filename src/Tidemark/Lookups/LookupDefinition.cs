using Tidemark.Destinations;
using Tidemark.Lookups.Keys;
using Tidemark.Sources;

namespace Tidemark.Lookups;

/// <summary>Answers of an API that are kept and reused, as the user described them.</summary>
public sealed record LookupDefinition
{
    /// <summary>Its name, unique in its pipeline.</summary>
    public string Name { get; init; } = "";

    /// <summary>The path that it is asked at while the pipeline is served, with GET and POST; null: it is used by a program only.</summary>
    public string? Path { get; init; }

    /// <summary>What callers may give, in order.</summary>
    public IReadOnlyList<LookupParam> Params { get; init; } = [];

    /// <summary>What an answer is kept under.</summary>
    public required KeyTemplate Key { get; init; }

    /// <summary>What becomes of parameters that the key does not name; default: a hash of them follows it.</summary>
    public KeyRest KeyRest { get; init; }

    /// <summary>How long an answer is fresh, above 0.</summary>
    public TimeSpan Ttl { get; init; }

    /// <summary>How much of it is taken off at random at most, 0 to below 1; default 0.1.</summary>
    public double Jitter { get; init; } = 0.1;

    /// <summary>How long it is remembered that there is no answer; default 5 minutes.</summary>
    public TimeSpan NegativeTtl { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long after its time an answer is served where no other can be had; default: not at all.</summary>
    public TimeSpan StaleIfError { get; init; }

    /// <summary>How long a caller waits for the source, retries and the quota included; default 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The name of the source that is asked; null: the only one.</summary>
    public string? Source { get; init; }

    /// <summary>What is asked; its templates know the parameters, as <c>request.NAME</c>.</summary>
    public required StreamRequest Request { get; init; }

    /// <summary>How one call asks for several keys; null (default): each key is a call.</summary>
    public LookupBatch? Batch { get; init; }

    /// <summary>What is made of an answer before columns are taken from it; null (default): nothing.</summary>
    public ILookupComputation? Compute { get; init; }

    /// <summary>The name of the destination that keeps answers; null: the only one.</summary>
    public string? Destination { get; init; }

    /// <summary>The table; null: called like the lookup.</summary>
    public string? Table { get; init; }

    /// <summary>What is taken from an answer; empty (default): all of it, as JSON in the column <c>answer</c>.</summary>
    public IReadOnlyList<LookupColumn> Columns { get; init; } = [];

    /// <summary>Indexes beside those of the key and of <c>expires_at</c>.</summary>
    public IReadOnlyList<TableIndex> Indexes { get; init; } = [];

    /// <summary>Steps that make the tables, by type of destination (<c>sqlite</c>, <c>postgresql</c>); empty (default): tables are made as needed.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<TableMigration>> Migrations { get; init; } = new Dictionary<string, IReadOnlyList<TableMigration>>(StringComparer.Ordinal);

    /// <summary>Where requests are logged; null (default): nowhere.</summary>
    public LookupHistory? History { get; init; }

    /// <summary>Bytes of answers in memory; default 64 MiB.</summary>
    public long Memory { get; init; } = 64 << 20;

    /// <summary>Counts of hits that wait at most before they are written; default 10 000 keys.</summary>
    public int FlushCount { get; init; } = 10_000;

    /// <summary>How long they wait at most; default 5 s.</summary>
    public TimeSpan FlushPeriod { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What somebody is told about; null (default): nothing.</summary>
    public LookupAlerts? Alerts { get; init; }

    /// <summary>What a unit of the source's cost is worth, in money; null (default): not known.</summary>
    public double? Price { get; init; }

    /// <summary>What the price is in, such as EUR.</summary>
    public string? Currency { get; init; }

    /// <summary>What is kept of an answer where no columns are declared.</summary>
    internal static LookupColumn WholeAnswer { get; } = new("answer", null, Records.ColumnType.Json);
}
