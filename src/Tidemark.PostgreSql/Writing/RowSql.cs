using Tidemark.PostgreSql.Native;
using Tidemark.PostgreSql.Tables;

namespace Tidemark.PostgreSql.Writing;

/// <summary>The statements that write rows with certain columns into a table. Made once for each combination of columns.</summary>
/// <param name="table">The table.</param>
/// <param name="columns">What the rows carry.</param>
/// <param name="key">The primary key; empty: each record is a new row.</param>
/// <param name="cursor">The column that orders versions, if stored rows that are newer hold records back.</param>
/// <param name="hasMarks">True if rows may be marked as deleted.</param>
/// <param name="isPartitioned">True if rows lie in partitions: then none is found by its place alone.</param>
internal sealed class RowSql(TableName table, IReadOnlyList<StagedColumn> columns, IReadOnlyList<PgColumn> key, PgColumn? cursor, bool hasMarks, bool isPartitioned)
{
    private const string Stage = "_tidemark_rows";
    private static readonly string Marked = PgSql.Quote(PgColumn.DeletedAt);

    private readonly List<StagedColumn> _key = [.. key.Select(k => columns.First(c => c.Target == k))];
    private readonly List<StagedColumn> _others = [.. columns.Where(c => !c.IsKey)];
    private readonly StagedColumn? _cursor = columns.FirstOrDefault(c => c.Target == cursor);
    private string? _merge;
    private string? _mergeArrays;
    private string? _mergeEach;
    private string? _fromArrays;

    /// <summary>What the rows carry.</summary>
    public IReadOnlyList<StagedColumn> Columns => columns;

    /// <summary>True if COPY may write into the table itself: no value needs a cast, and none that is absent has to become a default.</summary>
    public bool IsDirect { get; } = columns.All(c => c.Target.Type is not null && !(c.IsMixed && c.Target.DefaultSql is not null));

    /// <summary>True if PostgreSQL has to tell which keys are equal.</summary>
    public bool HasOwnEquality { get; } = key.Any(ColumnSql.HasOwnEquality);

    /// <summary>COPY into the table itself.</summary>
    public string CopyDirect { get; } = $"COPY {table.Quoted} ({PgSql.List(columns.Select(c => c.Target.Name))}) FROM STDIN (FORMAT BINARY)";

    /// <summary>
    /// Makes the stage. It has one name, so that a transaction of many calls holds one table; an earlier one may be gone with its transaction or its savepoint.
    /// </summary>
    public string CreateStage { get; } =
        $"DROP TABLE IF EXISTS pg_temp.{Stage}; CREATE TEMPORARY TABLE {Stage} ({string.Join(", ", columns.SelectMany(StageColumns))}) ON COMMIT DROP";

    /// <summary>COPY into the stage.</summary>
    public static string CopyStage => $"COPY pg_temp.{Stage} FROM STDIN (FORMAT BINARY)";

    /// <summary>The stage, with values as they are assigned.</summary>
    public string FromStage { get; } =
        $"(SELECT {string.Join(", ", columns.SelectMany(c => Selected(c, ColumnSql.Value($"s.{c.Name}", c.Target))))} FROM pg_temp.{Stage} AS s) AS s";

    /// <summary>Arrays of texts as parameters, one for each column, with those of its presence behind it; rows are numbered from 1.</summary>
    public string FromArrays => _fromArrays ??= MakeFromArrays();

    /// <summary>Merges all rows of the stage.</summary>
    public string MergeStage => _merge ??= WithNestedLoops(Merge(FromStage, inOrder: false));

    /// <summary>Merges rows that come as arrays: few, so that the planner looks up their keys by itself.</summary>
    public string MergeArrays => _mergeArrays ??= Merge(FromArrays, inOrder: true);

    /// <summary>
    /// Merges rows: updates those that differ and are not older, inserts those that are not there. Neither writes nor locks a row that stays as it is. The answer: how many
    /// rows came, how many of them were there, how many had to change, how many were older, how many were updated, how many inserted.
    /// </summary>
    /// <param name="from">The rows.</param>
    /// <param name="inOrder">
    /// True to lock rows in the order of their keys, so that many small calls at once don't wait for each other in a circle. For thousands of rows it would cost 4 % of the
    /// server's time; a deadlock is an error that passes.
    /// </param>
    public string Merge(string from, bool inOrder) =>
        $"""
        {Merging(from, inOrder, updated: "1", inserted: "1")}
        SELECT count(*), count(*) FILTER (WHERE existing), count(*) FILTER (WHERE changed), count(*) FILTER (WHERE older AND NOT changed),
        {(Updates ? "(SELECT count(*) FROM u)" : "0::bigint")}, (SELECT count(*) FROM i) FROM m
        """;

    /// <summary>
    /// Merges rows that come as arrays, and tells of each what became of it. The answer: a letter a row, in their order (<see cref="MergedRow"/>), the numbers of those that were
    /// updated, from 1, and how many were inserted.
    /// </summary>
    public string MergeEach => _mergeEach ??=
        $"""
        {Merging(FromArrays, inOrder: true, updated: "m.n", inserted: "1")}
        {Letters} FROM m
        """;

    /// <summary>The same, slower, and with the numbers of those that were inserted as well: where some were not.</summary>
    public string MergeEachExactly =>
        $"""
        {Merging(FromArrays, inOrder: true, updated: "m.n", inserted: string.Join(", ", _key.Select((k, i) => $"{k.Quoted} AS k{i}")))}
        {Letters},
        (SELECT array_agg(m.n) FROM m JOIN i ON NOT m.existing AND {string.Join(" AND ", _key.Select((k, i) => $"i.k{i} = {ColumnSql.Key($"m.{k.Name}", k.Target)}"))}) FROM m
        """;

    /// <summary>Locks the rows that are there, in the order of their keys: nobody else changes them until the end of the transaction.</summary>
    public string LockEach =>
        $"SELECT count(*) FROM (SELECT FROM {FromArrays} JOIN {table.Quoted} AS t ON {KeyIs("s")} ORDER BY {Order} FOR UPDATE OF t) AS l";

    /// <summary>Inserts rows that come as arrays; how many it were.</summary>
    public string InsertEach => $"WITH i AS ({Insert(FromArrays)} RETURNING 1) SELECT count(*) FROM i";

    /// <summary>Inserts rows that carry nothing; how many it were.</summary>
    public string InsertEmpty(int rows) => $"WITH i AS (INSERT INTO {table.Quoted} SELECT FROM generate_series(1, {rows}) RETURNING 1) SELECT count(*) FROM i";

    private string Order => string.Join(", ", _key.Select(k => ColumnSql.Order($"s.{k.Name}", k.Target)));

    private string Letters =>
        $"""
        SELECT string_agg(CASE WHEN NOT existing THEN '{MergedRow.New}' WHEN changed THEN '{MergedRow.Changed}' WHEN older THEN '{MergedRow.Older}' ELSE '{MergedRow.Same}' END, '' ORDER BY n),
        {(Updates ? "(SELECT array_agg(n) FROM u)" : "NULL::bigint[]")}, (SELECT count(*) FROM i)
        """;

    private bool Updates => _others.Count > 0 || hasMarks;

    private string Merging(string from, bool inOrder, string updated, string inserted)
    {
        var exists = $"t.{PgSql.Quote(_key[0].Target.Name)} IS NOT NULL";
        var differs = _others.Count == 0 ? "false" : $"({string.Join(" OR ", _others.Select(Differs))})";
        var changes = _cursor is null ? differs : $"{differs} AND NOT {Older("s")}";
        if (hasMarks) changes = $"(t.{Marked} IS NOT NULL OR {changes})";
        var older = _cursor is null ? "false" : $"({exists} AND {Older("s")})";
        var order = inOrder ? $"ORDER BY {Order}" : "";
        var update = Updates ? $", u AS ({Update()} RETURNING {updated})" : "";
        var conflict = $"ON CONFLICT ({PgSql.List(_key.Select(k => k.Target.Name))}) DO NOTHING";
        return $"""
            WITH m AS MATERIALIZED (
            SELECT s.*, {(isPartitioned ? "" : "t.ctid AS place, ")}{exists} AS existing, {older} AS older, {exists} AND {changes} AS changed
            FROM {from} LEFT JOIN {table.Quoted} AS t ON {KeyIs("s")}
            {order})
            {update}
            , i AS ({Insert("m WHERE NOT m.existing", "m")} {conflict} RETURNING {inserted})
            """;
    }

    /// <summary>Inserts rows.</summary>
    public string Insert(string from, string alias = "s") =>
        $"INSERT INTO {table.Quoted} ({PgSql.List(columns.Select(c => c.Target.Name))}) OVERRIDING SYSTEM VALUE SELECT {string.Join(", ", columns.Select(c => Inserted(c, alias)))} FROM {from}";

    /// <summary>How many different keys rows have.</summary>
    public string CountKeys(string from) => $"SELECT count(*) FROM (SELECT DISTINCT {string.Join(", ", _key.Select(k => ColumnSql.Key($"s.{k.Name}", k.Target)))} FROM {from}) AS k";

    /// <summary>Adds the keys of rows to a table of keys.</summary>
    public string AddKeys(PgTable seen, string from) =>
        $"INSERT INTO {seen.Name.Quoted} ({PgSql.List(seen.Key.Select(k => k.Name))}) SELECT {string.Join(", ", _key.Select(k => $"s.{k.Name}"))} FROM {from} ON CONFLICT DO NOTHING";

    private string MakeFromArrays()
    {
        var names = columns.SelectMany(c => c.IsMixed ? new[] { c.Name, c.Presence } : [c.Name]).ToList();
        var types = columns.SelectMany(c => c.IsMixed ? new[] { "text[]", "boolean[]" } : ["text[]"]);
        var values = columns.SelectMany(c => Selected(c, ColumnSql.ValueOfText($"s.{c.Name}", c.Target)));
        return $"(SELECT {string.Join(", ", values)}, s.n FROM unnest({string.Join(", ", types.Select((t, i) => $"${i + 1}::{t}"))}) WITH ORDINALITY AS s({string.Join(", ", names)}, n)) AS s";
    }

    // With a stage of thousands of rows the planner would read a whole table of a million to save looking up each key. It would also compile the statement, for 15 % of the
    // server's time, and put the rows that it goes through twice on disk, where the default memory is too small for a batch.
    private static string WithNestedLoops(string sql)
    {
        (string Name, string Value)[] settings = [("enable_hashjoin", "off"), ("enable_mergejoin", "off"), ("jit", "off"), ("work_mem", "'64MB'")];
        return $"{string.Join("; ", settings.Select(s => $"SET LOCAL {s.Name} = {s.Value}"))}; {sql}; {string.Join("; ", settings.Select(s => $"SET LOCAL {s.Name} = DEFAULT"))}";
    }

    // A row is found again by its place, which spares a look-up of its key. Key and guard are asked again all the same: after waiting for another writer the row is no longer
    // the one that was compared.
    private string Update()
    {
        var set = _others.Select(c => $"{c.Quoted} = {Assigned(c)}");
        if (hasMarks) set = set.Append($"{Marked} = NULL");
        var guard = _cursor is null ? "" : hasMarks ? $" AND (t.{Marked} IS NOT NULL OR NOT {Older("m")})" : $" AND NOT {Older("m")}";
        // In these words no index serves the key, which the planner would take instead of the place.
        var found = isPartitioned ? KeyIs("m") : $"t.ctid = m.place AND {KeyIs("m", "IS NOT DISTINCT FROM")}";
        return $"UPDATE {table.Quoted} AS t SET {string.Join(", ", set)} FROM m WHERE m.changed AND {found}{guard}";
    }

    // Of an older record only that the row is there counts: its mark goes, its values stay out.
    private string Assigned(StagedColumn column)
    {
        var keeps = new List<string>();
        if (column.IsMixed) keeps.Add($"NOT m.{column.Presence}");
        if (hasMarks && _cursor is not null) keeps.Add(Older("m"));
        return keeps.Count == 0 ? $"m.{column.Name}" : $"CASE WHEN {string.Join(" OR ", keeps)} THEN t.{column.Quoted} ELSE m.{column.Name} END";
    }

    private static string Inserted(StagedColumn column, string alias) => column is { IsMixed: true, Target.DefaultSql: { } value }
        ? $"CASE WHEN {alias}.{column.Presence} THEN {alias}.{column.Name} ELSE {value} END"
        : $"{alias}.{column.Name}";

    private static string Differs(StagedColumn column)
    {
        var differs = ColumnSql.Differs($"t.{column.Quoted}", $"s.{column.Name}", column.Target);
        return column.IsMixed ? $"(s.{column.Presence} AND {differs})" : differs;
    }

    private string Older(string alias) => $"({GuardSql.IsOlder($"{alias}.{_cursor!.Name}", $"t.{_cursor.Quoted}", _cursor.Target)})";

    private string KeyIs(string alias, string equals = "=") => string.Join(" AND ", _key.Select(k => $"t.{k.Quoted} {equals} {ColumnSql.Key($"{alias}.{k.Name}", k.Target)}"));

    private static IEnumerable<string> StageColumns(StagedColumn column) =>
        column.IsMixed ? [$"{column.Name} {ColumnSql.StageType(column.Target)}", $"{column.Presence} boolean"] : [$"{column.Name} {ColumnSql.StageType(column.Target)}"];

    private static IEnumerable<string> Selected(StagedColumn column, string value) =>
        column.IsMixed ? [$"{value} AS {column.Name}", $"s.{column.Presence}"] : [$"{value} AS {column.Name}"];
}
