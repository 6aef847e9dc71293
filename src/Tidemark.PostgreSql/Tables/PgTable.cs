using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;
using Tidemark.Records;

namespace Tidemark.PostgreSql.Tables;

/// <summary>
/// A table that is written: the user's, or one of ours beside it. It is created, given columns and widened as records need. Owned by the writer of a stream.
/// </summary>
/// <remarks>
/// Several streams and other people may change one table. What is known of it is compared with the catalog at each <see cref="EnsureAsync"/>, under the weakest lock of the
/// table that keeps it from being altered; where something is missing, it is read again under a lock that only we ask for, and changed then.
/// </remarks>
/// <param name="session">The connection.</param>
/// <param name="name">The table.</param>
/// <param name="plan">What it has to be like.</param>
internal sealed class PgTable(Session session, TableName name, TablePlan plan)
{
    /// <summary>How many columns a table of PostgreSQL may have.</summary>
    public const int MaxColumns = 1600;

    private const int MaxAttempts = 3;

    private readonly PgColumnMap _map = new(session, plan.OurSchema ?? name.Schema, name);
    private readonly List<PgColumn> _columns = [];
    private readonly Dictionary<string, PgColumn> _byField = new(StringComparer.Ordinal);
    private readonly TablePartitions? _partitions = plan.Partitioning is { } partitioning ? new(session, name, partitioning) : null;
    private PgTableShape? _shape;

    /// <summary>Its name.</summary>
    public TableName Name => name;

    /// <summary>What becomes of fields and values that it has no room for.</summary>
    public SchemaContract Contract { get; set; } = plan.Contract;

    /// <summary>True once it is there.</summary>
    public bool Exists => _shape is not null;

    /// <summary>What it is like; null while it is not there.</summary>
    public PgTableShape? Shape => _shape;

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
    public bool HasDeferrableConstraints => _shape is { HasDeferredConstraints: true };

    /// <summary>True if its rows lie in partitions.</summary>
    public bool IsPartitioned => _shape?.PartitionStrategy is not null;

    /// <summary>True if it has a column of ours.</summary>
    public bool Has(string ownColumn) => _shape?.Find(ownColumn) is not null;

    /// <summary>Reads what is there.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        Touched = false;
    }

    /// <summary>True if the table, as far as it is known, holds what arrives without a change.</summary>
    public bool Holds(IReadOnlyList<PgArrival> arrivals) => _shape is not null && !IsShort(arrivals);

    /// <summary>Makes the table hold what arrives, as far as its contract allows.</summary>
    /// <exception cref="DestinationException">
    /// <see cref="DestinationFault.Guard"/>: the contract is freeze, nothing was changed; <see cref="DestinationFault.Record"/>: it is discard and a value does not fit, or
    /// there is no room for more columns; <see cref="DestinationFault.Fatal"/>: something is in the way that only people can remove.
    /// </exception>
    public async Task EnsureAsync(IReadOnlyList<PgArrival> arrivals, CancellationToken cancellationToken)
    {
        if (_shape is null && arrivals.All(a => a.Type is null)) return;
        for (var attempt = 0; _shape is null || IsShort(arrivals) || !await IsCurrentAsync(cancellationToken); attempt++)
        {
            if (attempt == MaxAttempts) throw new DestinationException(DestinationFault.Temporary, $"the table '{name}' is altered by somebody else again and again");
            await TableDdl.LockAsync(session, name, cancellationToken);
            await ReadAsync(cancellationToken);
            if (_shape is null) await CreateAsync(arrivals, cancellationToken);
            else await ChangeAsync(arrivals, cancellationToken);
            await MakeIndexesAsync(cancellationToken);
        }
    }

    /// <summary>True if some records may need partitions that are not known to be there.</summary>
    public bool LacksPartitions(RecordBatch batch, int start, int count) => _partitions is not null && _shape is not null && _partitions.MissingFor(batch, start, count).Count > 0;

    /// <summary>Makes the partitions that some records need, where they are declared.</summary>
    /// <exception cref="DestinationException"><see cref="DestinationFault.Record"/>: a record has no value to choose a partition by; <see cref="DestinationFault.Fatal"/>: too many at once.</exception>
    public async Task EnsurePartitionsAsync(RecordBatch batch, int start, int count, CancellationToken cancellationToken)
    {
        if (_partitions is not null && _shape is not null) await MakePartitionsAsync(_partitions.MissingFor(batch, start, count), cancellationToken);
    }

    /// <summary>Makes the partitions that all rows of another table need.</summary>
    public async Task EnsurePartitionsAsync(PgTable rows, CancellationToken cancellationToken)
    {
        if (_partitions is null || _shape is null) return;
        foreach (var keys in (await _partitions.KeysOfAsync(rows, cancellationToken)).Chunk(TablePartitions.MaxNew)) await MakePartitionsAsync(keys, cancellationToken);
    }

    /// <summary>Checks that this table, which is not there yet, can be made like another one that some records are written to.</summary>
    /// <exception cref="DestinationException">It can't.</exception>
    public void CheckNew(PgTable like, RecordBatch batch, int start, int count) => _partitions?.CheckNew(like, batch, start, count);

    /// <summary>True for a field whose values are left out, because the table must not change.</summary>
    public bool Discards(string field) => Contract == SchemaContract.Discard && Exists && !_byField.ContainsKey(field);

    /// <summary>Notes that values were left out.</summary>
    public void AddDiscarded(string field, long values) => Changes.Add(new SchemaChange(SchemaChangeKind.FieldDiscarded, name.ToString(), field, Count: values));

    /// <summary>Creates it like another table, constraints and all, with the same columns for the same fields.</summary>
    public async Task CreateLikeAsync(PgTable other, CancellationToken cancellationToken)
    {
        Touched = true;
        await _map.ForgetAsync(cancellationToken);
        await TableDdl.RunAsync(session, $"CREATE TABLE {name.Quoted} (LIKE {other.Name.Quoted} INCLUDING ALL)", null, cancellationToken);
        await _map.WriteAsync([.. other.Fields.Select(f => (f.Key, f.Value.Name, f.Value.Adopted ? null : f.Value.Type))], cancellationToken);
        await ReadAsync(cancellationToken);
    }

    /// <summary>Takes it away, if it is there.</summary>
    public async Task DropAsync(CancellationToken cancellationToken)
    {
        if (_shape is null) return;
        Touched = true;
        await _map.ForgetAsync(cancellationToken);
        await TableDdl.RunAsync(session, $"DROP TABLE IF EXISTS {name.Quoted}", null, cancellationToken);
        await ReadAsync(cancellationToken);
    }

    private async Task MakePartitionsAsync(IReadOnlyList<string?> wanted, CancellationToken cancellationToken)
    {
        if (wanted.Count == 0) return;
        await TableDdl.LockAsync(session, name, cancellationToken);
        var made = await _partitions!.MakeAsync(_shape!, _byField, wanted, cancellationToken);
        if (made.Count == 0) return;
        Touched = true;
        Changes.AddRange(made.Select(p => new SchemaChange(SchemaChangeKind.PartitionCreated, name.ToString(), To: p)));
        _shape = await PgTableShape.ReadAsync(session, name, cancellationToken);
    }

    private async Task ChangeAsync(IReadOnlyList<PgArrival> arrivals, CancellationToken cancellationToken)
    {
        await AdoptAsync(arrivals, cancellationToken);
        var changes = await ColumnWidener.ChangesForAsync(session, name, _byField, arrivals, Contract, cancellationToken);
        var unknown = arrivals.Where(a => a.Type is not null && !_byField.ContainsKey(a.Field)).ToList();
        if (Contract == SchemaContract.Evolve)
        {
            await AddAsync(unknown, cancellationToken);
            await WidenAsync(changes, cancellationToken);
        }
        else
        {
            ContractGuard.Check(plan.StandsFor ?? name, plan with { Contract = Contract }, _byField, unknown, changes);
        }
        await AddOwnAsync(cancellationToken);
    }

    // True if something has to be done for what arrives, as far as we know the table.
    private bool IsShort(IReadOnlyList<PgArrival> arrivals) =>
        plan.OwnColumns.Any(c => !Has(c.Name)) || TableIndexes.MissingFrom(name, _shape!, plan, _byField).Any() || arrivals.Any(a => _byField.TryGetValue(a.Field, out var column)
            ? Widening.TypeFor(column, a) != column.Type && (Contract == SchemaContract.Evolve || ContractGuard.Holds(Contract, a))
            : IsAdoptable(a.Field) || (Contract == SchemaContract.Evolve && a.Type is not null) || (Contract == SchemaContract.Freeze && ContractGuard.Holds(Contract, a)));

    private async Task<bool> IsCurrentAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _shape!.IsCurrentAsync(session, name, cancellationToken);
        }
        catch (PgError e) when (e.State == "42P01")
        {
            Touched = true;
            throw new DestinationException(DestinationFault.Temporary, $"somebody else has dropped the table '{name}' or renamed it", e);
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        _columns.Clear();
        _byField.Clear();
        _partitions?.Forget();
        Version++;
        _shape = await PgTableShape.ReadAsync(session, name, cancellationToken);
        if (_shape is null) return;
        var fields = (await _map.ReadAsync(cancellationToken)).ToLookup(m => m.Column, StringComparer.Ordinal);
        foreach (var there in _shape.Columns)
        {
            if (there.Generated || !fields[there.Name].Any()) continue;
            var (field, _, recorded) = fields[there.Name].First();
            var type = SqlTypes.TypeOf(there.SqlType);
            // What somebody else has altered is theirs from then on.
            var column = new PgColumn(_columns.Count, there.Name, there.SqlType, type, recorded is null || recorded != type, there.NotNull, there.DefaultSql) { BaseType = there.BaseType };
            _columns.Add(column);
            _byField[field] = column;
        }
        _partitions?.Check(_shape, _byField);
    }

    private async Task CreateAsync(IReadOnlyList<PgArrival> arrivals, CancellationToken cancellationToken)
    {
        var taken = new HashSet<string>(plan.OwnColumns.Select(c => c.Name), StringComparer.Ordinal);
        var fields = PgColumnMap.Named(arrivals, taken);
        var key = plan.KeyFields.Select(f => fields.Find(n => string.Equals(n.Field, f, StringComparison.Ordinal)).Column
            ?? throw new DestinationException(DestinationFault.Record, $"no record has a value in '{f}', which is part of the primary key")).ToList();
        CheckColumnCount(fields.Count + plan.OwnColumns.Count);
        var parts = fields.ConvertAll(f => $"{PgSql.Quote(f.Column)} {SqlTypes.NameOf(f.Type!.Value)}{(key.Contains(f.Column, StringComparer.Ordinal) ? " NOT NULL" : "")}");
        parts.AddRange(plan.OwnColumns.Select(c => $"{PgSql.Quote(c.Name)} {SqlTypes.NameOf(c.Type)}"));
        var primaryKey = key.Count > 0 ? $", PRIMARY KEY ({PgSql.List(key)})" : "";
        var partitionBy = _partitions?.ClauseFor(fields, key);
        Touched = true;
        await TableDdl.RunAsync(
            session, $"CREATE TABLE {name.Quoted} ({string.Join(", ", parts)}{primaryKey}){partitionBy}",
            e => e.State == "3F000" ? $"the schema '{name.Schema}' of the table '{name}' does not exist: create it, or name another one" : null, cancellationToken);
        // What an earlier table of this name had is of no use any more.
        await _map.ForgetAsync(cancellationToken);
        await _map.WriteAsync(fields, cancellationToken);
        Changes.Add(new SchemaChange(SchemaChangeKind.TableCreated, name.ToString(), Count: fields.Count + plan.OwnColumns.Count));
        await ReadAsync(cancellationToken);
    }

    // Columns that somebody else made take the fields of exactly their name.
    private async Task AdoptAsync(IReadOnlyList<PgArrival> arrivals, CancellationToken cancellationToken)
    {
        var adopted = arrivals.Where(a => IsAdoptable(a.Field)).Select(a => (a.Field, a.Field, (ColumnType?)null)).ToList();
        if (adopted.Count == 0) return;
        Touched = true;
        await _map.WriteAsync(adopted, cancellationToken);
        await ReadAsync(cancellationToken);
    }

    private bool IsAdoptable(string field) =>
        !_byField.ContainsKey(field) && !PgColumnMap.IsOurs(field) && _shape!.Find(field) is { Generated: false } there && !_columns.Exists(c => string.Equals(c.Name, field, StringComparison.Ordinal))
        // Only in a key, which is never updated.
        && (!there.IdentityAlways || plan.KeyFields.Contains(field, StringComparer.Ordinal));

    private async Task AddAsync(IReadOnlyList<PgArrival> added, CancellationToken cancellationToken)
    {
        if (added.Count == 0) return;
        var fields = PgColumnMap.Named(added, new HashSet<string>(_shape!.Columns.Select(c => c.Name), StringComparer.Ordinal));
        await AddColumnsAsync(fields.ConvertAll(f => (f.Column, f.Type!.Value)), cancellationToken);
        await _map.WriteAsync(fields, cancellationToken);
        await ReadAsync(cancellationToken);
    }

    private async Task AddOwnAsync(CancellationToken cancellationToken)
    {
        var missing = plan.OwnColumns.Where(c => !Has(c.Name)).ToList();
        if (missing.Count == 0) return;
        await AddColumnsAsync(missing, cancellationToken);
        await ReadAsync(cancellationToken);
    }

    private async Task AddColumnsAsync(IReadOnlyList<(string Name, ColumnType Type)> columns, CancellationToken cancellationToken)
    {
        CheckColumnCount(_shape!.HighestNumber + columns.Count);
        Touched = true;
        await TableDdl.RunAsync(
            session, $"ALTER TABLE {name.Quoted} {string.Join(", ", columns.Select(c => $"ADD COLUMN {PgSql.Quote(c.Name)} {SqlTypes.NameOf(c.Type)}"))}",
            e => $"the table '{name}' needs new columns ({string.Join(", ", columns.Select(c => $"{c.Name} {SqlTypes.NameOf(c.Type)}"))}), but they can't be added: {e.Message}", cancellationToken);
        Changes.AddRange(columns.Select(c => new SchemaChange(SchemaChangeKind.ColumnAdded, name.ToString(), c.Name, To: SqlTypes.NameOf(c.Type))));
    }

    private async Task WidenAsync(IReadOnlyList<ColumnChange> changes, CancellationToken cancellationToken)
    {
        if (changes.Count == 0) return;
        Touched = true;
        await ColumnWidener.RunAsync(session, name, _shape!, changes, cancellationToken);
        await _map.WriteAsync([.. changes.Select(c => (c.Arrival.Field, c.Column.Name, (ColumnType?)c.To))], cancellationToken);
        Changes.AddRange(changes.Select(c => new SchemaChange(SchemaChangeKind.ColumnWidened, name.ToString(), c.Column.Name, c.Column.SqlType, SqlTypes.NameOf(c.To))));
        await ReadAsync(cancellationToken);
    }

    private async Task MakeIndexesAsync(CancellationToken cancellationToken)
    {
        var missing = TableIndexes.MissingFrom(name, _shape!, plan, _byField).ToList();
        if (missing.Count == 0) return;
        Touched = true;
        var before = _shape!.Indexes.Select(i => i.Name).ToList();
        foreach (var index in missing) await TableIndexes.MakeAsync(session, name, index, cancellationToken);
        await ReadAsync(cancellationToken);
        Changes.AddRange(_shape.Indexes.Select(i => i.Name).Except(before, StringComparer.Ordinal).Select(i => new SchemaChange(SchemaChangeKind.IndexCreated, name.ToString(), To: i)));
    }

    private void CheckColumnCount(int count)
    {
        if (count > MaxColumns) throw new DestinationException(DestinationFault.Record, $"the table '{name}' would get {count} columns, more than the {MaxColumns} that PostgreSQL allows");
    }
}
