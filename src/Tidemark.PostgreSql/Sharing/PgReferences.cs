using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;
using Tidemark.PostgreSql.Tables;

namespace Tidemark.PostgreSql.Sharing;

/// <summary>Looks which rows are there. What columns are like is read once and kept until it turns out to be wrong.</summary>
/// <param name="schema">Where tables without a schema are.</param>
internal sealed class PgReferences(string schema)
{
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _types = new(StringComparer.Ordinal);

    /// <summary>True if the columns of all these queries are known.</summary>
    public bool Knows(IReadOnlyList<ReferenceQuery> queries) => queries.All(q => _types.ContainsKey(q.Table));

    /// <summary>Reads what is not known yet.</summary>
    /// <exception cref="DestinationException">A table or column is not there.</exception>
    public async Task LoadAsync(Session session, IReadOnlyList<ReferenceQuery> queries, CancellationToken cancellationToken)
    {
        foreach (var query in queries)
        {
            if (!_types.TryGetValue(query.Table, out var types))
            {
                var rows = await session.RowsAsync(
                    "SELECT attname::text, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped", cancellationToken, TableName.Parse(query.Table, schema).Quoted);
                if (rows.Count == 0) throw new ReferenceException(query, "there is no such table");
                _types[query.Table] = types = rows.ToDictionary(r => (string)r[0]!, r => (string)r[1]!, StringComparer.Ordinal);
            }
            if (query.Columns.FirstOrDefault(c => !types.ContainsKey(c)) is { } missing) throw new ReferenceException(query, $"it has no column '{missing}'");
        }
    }

    /// <summary>Forgets all: a table was altered.</summary>
    public void Forget() => _types.Clear();

    /// <summary>Asks for the numbers of the tuples that are there, from 0: one row.</summary>
    public PgStatement Look(ReferenceQuery query)
    {
        var types = _types[query.Table];
        var columns = query.Columns.Select(c => new ReferenceColumn(c, types[c])).ToArray();
        var texts = query.Tuples.Select(t => columns.Zip(t, (c, v) => c.TextOf(v)).ToArray()).ToList();
        var asked = Enumerable.Range(0, texts.Count).Where(i => Array.TrueForAll(texts[i], t => t is not null)).ToArray();
        var arrays = columns.Select(object? (_, c) => Array.ConvertAll(asked, i => texts[i][c]));
        var names = columns.Select((_, i) => $"c{i}").ToList();
        return new PgStatement(
            $"""
            SELECT array_agg(k.n) FROM unnest({string.Join(", ", names.Select((_, i) => $"${i + 2}::text[]"))}, $1::integer[]) AS k({string.Join(", ", names)}, n)
            WHERE EXISTS(SELECT FROM {TableName.Parse(query.Table, schema).Quoted} AS t WHERE {string.Join(" AND ", columns.Select((c, i) => c.Is($"k.c{i}")))})
            """,
            [asked, .. arrays]);
    }

    /// <summary>What <see cref="Look"/> has answered.</summary>
    public static bool[] FoundOf(ReferenceQuery query, List<object?[]> rows)
    {
        var found = new bool[query.Tuples.Count];
        foreach (var index in rows[0][0] as int[] ?? []) found[index] = true;
        return found;
    }
}
