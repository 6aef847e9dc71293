#pragma warning disable CS9113
using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;

namespace Tidemark.PostgreSql.Tables;

/// <summary>
/// A table that is written: the user's, or one of ours beside it. It is created, given columns and widened as records need. Owned by the writer of a stream.
/// </summary>
/// <param name="session">The connection.</param>
/// <param name="name">The table.</param>
/// <param name="plan">What it has to be like.</param>
internal sealed class PgTable(Session session, TableName name, TablePlan plan)
{
    private readonly List<PgColumn> _columns = [];
    private readonly Dictionary<string, PgColumn> _byField = new(StringComparer.Ordinal);

    /// <summary>Its name.</summary>
    public TableName Name => name;

    /// <summary>True once it is there.</summary>
    public bool Exists { get; private set; }

    /// <summary>The columns that fields are written to.</summary>
    public IReadOnlyList<PgColumn> Columns => _columns;

    /// <summary>The fields that have a column.</summary>
    public IReadOnlyDictionary<string, PgColumn> Fields => _byField;

    /// <summary>The columns of the primary key, in order.</summary>
    public IReadOnlyList<PgColumn> Key => [.. plan.KeyFields.Select(f => _byField[f])];

    /// <summary>Rises whenever columns change.</summary>
    public int Version { get; private set; }

    /// <summary>True after a change that a rollback would undo: then <see cref="LoadAsync"/> is due.</summary>
    public bool Touched { get; set; }

    /// <summary>Changes since the last commit, in order; a rollback to a savepoint takes those after it away.</summary>
    public List<SchemaChange> Changes { get; } = [];

    /// <summary>True if a constraint of it is checked at the end of a transaction only, unless it is asked to be checked at once.</summary>
    public bool HasDeferrableConstraints { get; private set; }

    /// <summary>True if it has a column of ours.</summary>
    public bool Has(string ownColumn) => throw new NotSupportedException();

    /// <summary>Reads what is there.</summary>
    public Task LoadAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Makes the table hold what arrives.</summary>
    public Task EnsureAsync(IReadOnlyList<Arrival> arrivals, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Creates it like another table, constraints and all, with the same columns for the same fields.</summary>
    public Task CreateLikeAsync(PgTable other, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Takes it away, if it is there.</summary>
    public Task DropAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
}
