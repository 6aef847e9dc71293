using Tidemark.Destinations;
using Tidemark.Records;
using Tidemark.Sqlite.Native;

namespace Tidemark.Sqlite.Tables;

/// <summary>
/// A table that is written: the user's, or one of ours beside it. It is created, given columns and widened as records need. Owned by the writer of a stream.
/// </summary>
/// <param name="database">The connection.</param>
/// <param name="name">The table.</param>
/// <param name="keyFields">The primary key; empty: none.</param>
/// <param name="ownColumns">Columns of ours that it has to have, with their types.</param>
/// <param name="log">Takes its changes; null: nobody is to hear of them.</param>
/// <param name="indexes">Its declared indexes; null: none.</param>
internal sealed class SqliteTable(
    Database database, string name, IReadOnlyList<string> keyFields, IReadOnlyList<(string Name, ColumnType Type)> ownColumns, SchemaLog? log = null, DeclaredIndexes? indexes = null)
{
    private readonly List<TableColumn> _columns = [];
    private readonly Dictionary<string, TableColumn> _byField = new(StringComparer.Ordinal);
    private TableShape? _shape;
    private bool _keyIsUnique;

    /// <summary>Its name, as the database has it once it exists.</summary>
    public string Name => _shape?.Name ?? name;

    public bool Exists => _shape is not null;

    /// <summary>How it was made; null while it does not exist.</summary>
    public CreateTable? Statement => _shape?.Statement;

    /// <summary>The columns that fields are written to.</summary>
    public IReadOnlyList<TableColumn> Columns => _columns;

    /// <summary>The fields that have a column.</summary>
    public IReadOnlyDictionary<string, TableColumn> Fields => _byField;

    /// <summary>The columns of the primary key, in order.</summary>
    public IReadOnlyList<TableColumn> Key => [.. keyFields.Select(f => _byField[f])];

    /// <summary>Rises whenever columns change: statements made before are void.</summary>
    public int Version { get; private set; }

    /// <summary>True after a change that a rollback would undo: then <see cref="Load"/> is due.</summary>
    public bool Touched { get; set; }

    /// <summary>True if it has a column of this name.</summary>
    public bool Has(string column) => _shape?.Find(column) is not null;

    /// <summary>True if its rows have no number of their own.</summary>
    public bool IsWithoutRowId => database.Count("SELECT wr FROM pragma_table_list(?1)", Name) != 0;

    /// <summary>Reads what is there.</summary>
    public void Load()
    {
        _columns.Clear();
        _byField.Clear();
        _keyIsUnique = false;
        indexes?.Reset();
        Touched = false;
        Version++;
        _shape = TableShape.Read(database, name);
        if (_shape is null) return;
        foreach (var (field, column, type) in ColumnMap.Read(database, Name))
        {
            if (_shape.Find(column) is { Generated: false } there) Attach(field, there, IsAsMade(there, type) ? type : null);
        }
    }

    /// <summary>Makes the table hold what arrives.</summary>
    public void Ensure(IReadOnlyList<Arrival> arrivals)
    {
        if (_shape is null)
        {
            if (arrivals.Any(a => !a.IsNull)) Create([.. arrivals.Where(a => !a.IsNull)]);
        }
        else
        {
            Adopt(arrivals);
            Add(arrivals);
            Widen(arrivals);
        }
        if (_shape is null) return;
        foreach (var (own, type) in ownColumns)
        {
            if (!Has(own)) Alter(own, type);
        }
        if (!_keyIsUnique && keyFields.Count > 0 && keyFields.All(_byField.ContainsKey))
        {
            KeyIndex.Ensure(database, _shape, [.. Key.Select(k => k.Name)]);
            _keyIsUnique = true;
        }
        indexes?.Ensure(this);
    }

    /// <summary>True if the field's column holds what arrives as it is.</summary>
    public bool Holds(Arrival arrival) =>
        _byField[arrival.Field] is var column && arrival.Widen(column, () => StoredFitDouble(column)) == column.Type && !arrival.LosesDigitsIn(column);

    /// <summary>Creates it like another table, constraints and all, with the same columns for the same fields.</summary>
    public void CreateLike(SqliteTable other)
    {
        Touched = true;
        ColumnMap.Forget(database, name);
        database.Execute(other.Statement!.Rewrite(name, new Dictionary<string, string>(StringComparer.Ordinal)));
        foreach (var (field, column) in other.Fields) ColumnMap.Write(database, name, field, column.Name, column.Adopted ? null : column.Type);
        Reload();
    }

    /// <summary>Takes it away, if it is there.</summary>
    public void Drop()
    {
        if (_shape is null) return;
        ColumnMap.Forget(database, Name);
        database.Execute($"DROP TABLE {Sql.Quote(Name)}");
        Reload();
    }

    private void Create(IReadOnlyList<Arrival> arrivals)
    {
        var names = new List<(Arrival Arrival, string Name)>();
        foreach (var arrival in arrivals) names.Add((arrival, ColumnMap.NameFor(arrival.Field, n => names.Exists(o => Sql.SameName(o.Name, n)))));
        var key = keyFields.Select(f => names.Find(n => string.Equals(n.Arrival.Field, f, StringComparison.Ordinal)).Name
            ?? throw new DestinationException(DestinationFault.Record, $"no record has a value in '{f}', which is part of the primary key")).ToList();
        CheckColumnCount(names.Count + ownColumns.Count);
        var parts = names.ConvertAll(n => $"{Sql.Quote(n.Name)} {DeclaredTypes.NameOf(n.Arrival.Type)}{(key.Contains(n.Name, StringComparer.Ordinal) ? " NOT NULL" : "")}");
        parts.AddRange(ownColumns.Select(c => $"{Sql.Quote(c.Name)} {DeclaredTypes.NameOf(c.Type)}"));
        if (key.Count > 0) parts.Add($"PRIMARY KEY ({Sql.List(key)})");
        Touched = true;
        database.Execute($"CREATE TABLE {Sql.Quote(name)} ({string.Join(", ", parts)})");
        // What an earlier table of this name had is of no use any more.
        ColumnMap.Forget(database, name);
        foreach (var (arrival, column) in names) ColumnMap.Write(database, name, arrival.Field, column, arrival.Type);
        log?.Add(new SchemaChange(SchemaChangeKind.TableCreated, name, Count: names.Count + ownColumns.Count));
        Reload();
    }

    /// <summary>Columns that somebody else made take the fields of their name: those of exactly their name first.</summary>
    public void Adopt(IReadOnlyList<Arrival> arrivals)
    {
        foreach (var exact in new[] { true, false })
        {
            foreach (var arrival in arrivals)
            {
                if (_byField.ContainsKey(arrival.Field) || _shape!.Find(arrival.Field) is not { Generated: false } there || IsOurs(there.Name)) continue;
                if ((exact && !string.Equals(there.Name, arrival.Field, StringComparison.Ordinal)) || _columns.Exists(c => Sql.SameName(c.Name, there.Name))) continue;
                Touched = true;
                ColumnMap.Write(database, Name, arrival.Field, there.Name, type: null);
                Attach(arrival.Field, there, type: null);
                Version++;
            }
        }
    }

    private void Add(IReadOnlyList<Arrival> arrivals)
    {
        var added = arrivals.Where(a => !a.IsNull && !_byField.ContainsKey(a.Field)).ToList();
        if (added.Count == 0) return;
        CheckColumnCount(_shape!.Columns.Count + added.Count);
        var names = new List<string>();
        foreach (var arrival in added)
        {
            var column = ColumnMap.NameFor(arrival.Field, n => _shape.Find(n) is not null || names.Exists(o => Sql.SameName(o, n)));
            names.Add(column);
            ColumnMap.Write(database, Name, arrival.Field, column, arrival.Type);
            AddColumn(column, arrival.Type);
        }
        Reload();
    }

    private void Widen(IReadOnlyList<Arrival> arrivals)
    {
        var changes = new Dictionary<TableColumn, ColumnType?>();
        foreach (var arrival in arrivals.Where(a => !a.IsNull))
        {
            var column = _byField[arrival.Field];
            var type = arrival.Widen(column, () => StoredFitDouble(column));
            if (type != column.Type || arrival.LosesDigitsIn(column)) changes[column] = type;
        }
        if (changes.Count == 0) return;
        // JSON and text are stored alike: only what we know of the column changes.
        var isRebuilt = changes.Any(c => c.Key.Affinity != Affinity.Text || c.Value != ColumnType.Text);
        if (isRebuilt && TableRebuild.HasForeignKeysInTheWay(database, Name)) throw new ForeignKeysInTheWayException(this, arrivals);
        Touched = true;
        if (isRebuilt)
        {
            TableRebuild.Run(database, _shape!, changes);
            foreach (var (column, type) in changes)
                log?.Add(new SchemaChange(SchemaChangeKind.ColumnWidened, Name, column.Name, _shape!.Find(column.Name)!.Declared, DeclaredTypes.NameOf(type, Statement!.Strict)));
        }
        foreach (var (field, column) in _byField.ToList())
        {
            if (changes.TryGetValue(column, out var type)) ColumnMap.Write(database, Name, field, column.Name, type);
        }
        Reload();
    }

    private bool StoredFitDouble(TableColumn column)
    {
        var value = Sql.Quote(column.Name);
        return !database.Exists($"SELECT 1 FROM {Sql.Quote(Name)} WHERE {value} > 9007199254740992 OR {value} < -9007199254740992 OR typeof({value}) NOT IN ('integer', 'null') LIMIT 1");
    }

    private void Alter(string column, ColumnType? type)
    {
        AddColumn(column, type);
        Reload();
    }

    // The shape is as before until it is read again: once for many columns.
    private void AddColumn(string column, ColumnType? type)
    {
        Touched = true;
        var declared = DeclaredTypes.NameOf(type, Statement!.Strict);
        database.Execute($"ALTER TABLE {Sql.Quote(name)} ADD COLUMN {Sql.Quote(column)} {declared}");
        log?.Add(new SchemaChange(SchemaChangeKind.ColumnAdded, Name, column, To: declared));
    }

    private void Reload()
    {
        var keyIsUnique = _keyIsUnique;
        Load();
        (_keyIsUnique, Touched) = (keyIsUnique && Exists, true);
    }

    // Somebody else may have dropped a column of ours and made another one of its name.
    private bool IsAsMade(ShapeColumn there, ColumnType? type) => string.Equals(DeclaredTypes.NameOf(type, Statement!.Strict), there.Declared, StringComparison.OrdinalIgnoreCase);

    private void Attach(string field, ShapeColumn there, ColumnType? type)
    {
        var column = new TableColumn(_columns.Count, there.Name, DeclaredTypes.AffinityOf(there.Declared), type ?? DeclaredTypes.TypeOf(there.Declared), Adopted: type is null);
        _columns.Add(column);
        _byField[field] = column;
    }

    private void CheckColumnCount(int count)
    {
        if (count > database.MaxColumns)
            throw new DestinationException(DestinationFault.Record, $"the table '{Name}' would get {count} columns, more than the {database.MaxColumns} that SQLite allows");
    }

    private static bool IsOurs(string column) => column.StartsWith("_tidemark_", StringComparison.OrdinalIgnoreCase);
}
