using Tidemark.Batching;
using Tidemark.Destinations;
using Tidemark.Enrichment;
using Tidemark.Records;
using Tidemark.Scanning;
using Tidemark.Slices;
using Tidemark.Sources;
using Tidemark.Validation;

namespace Tidemark.Runs;

/// <summary>What is copied from where to where, as the user described it.</summary>
public sealed record StreamDefinition
{
    /// <summary>The stream's name, unique in its pipeline.</summary>
    public string Name { get; init; } = "";

    /// <summary>The name of its source; null: the only one.</summary>
    public string? Source { get; init; }

    /// <summary>What it asks of its source.</summary>
    public required StreamRequest Request { get; init; }

    /// <summary>The name of its destination; null: the only one.</summary>
    public string? Destination { get; init; }

    /// <summary>The table; null: the stream's name.</summary>
    public string? Table { get; init; }

    /// <summary>The columns that make a record's identity.</summary>
    public IReadOnlyList<string> PrimaryKey { get; init; } = [];

    /// <summary>How it is read incrementally; null: every run reads all that the request asks for.</summary>
    public IncrementalDefinition? Incremental { get; init; }

    /// <summary>What a run reads; null: incremental with <see cref="Incremental"/> or a filter by template, else full.</summary>
    public Refresh? Refresh { get; init; }

    /// <summary>What becomes of records; null: merge with a primary key, else append.</summary>
    public WriteDisposition? WriteDisposition { get; init; }

    /// <summary>What becomes of rows that the source no longer has.</summary>
    public Deletions Deletions { get; init; } = Deletions.Ignore;

    /// <summary>The share of rows that may be lost at once, 0 to 1; default 0.2.</summary>
    public double MaxDelete { get; init; } = 0.2;

    /// <summary>True if an empty result may empty the table.</summary>
    public bool AllowEmpty { get; init; }

    /// <summary>How many failed records a run bears; default 1000.</summary>
    public long MaxFailed { get; init; } = 1000;

    /// <summary>A warning when an incremental run reads more records than this; null: none.</summary>
    public long? ExpectMaxRead { get; init; }

    /// <summary>Declared columns.</summary>
    public IReadOnlyList<DeclaredColumn> Columns { get; init; } = [];

    /// <summary>What becomes of objects inside of records.</summary>
    public NestedValues Nested { get; init; }

    /// <summary>What becomes of fields and values that the table has no room for.</summary>
    public SchemaContract SchemaContract { get; init; }

    /// <summary>Indexes that the table has to have beside its primary key.</summary>
    public IReadOnlyList<TableIndex> Indexes { get; init; } = [];

    /// <summary>How a new table is partitioned; null: it is not.</summary>
    public TablePartitioning? Partitioning { get; init; }

    /// <summary>What another source is asked about each record; null: nothing.</summary>
    public EnrichmentDefinition? Enrichment { get; init; }

    /// <summary>What its records have to be; one that breaks a rule is a failed record. They are asked in this order, and the first that is broken counts.</summary>
    public IReadOnlyList<ValidationRule> Rules { get; init; } = [];

    /// <summary>When batches are written.</summary>
    public BatchDefinition Batch { get; init; } = new();

    /// <summary>How it is cut into slices; null: it is read as a whole.</summary>
    public SlicesDefinition? Slices { get; init; }

    /// <summary>Its calls pass the quota before those of a lower priority; default 0.</summary>
    public int Priority { get; init; }

    /// <summary>The stream whose records this one makes a call for; null: none.</summary>
    public ParentDefinition? Parent { get; init; }

    /// <summary>When a server runs it by itself; null: never. Only <c>serve</c> looks at it.</summary>
    public StreamSchedule? Schedule { get; init; }
}
