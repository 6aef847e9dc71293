using System.Text;
using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;

namespace Tidemark.PostgreSql.Writing;

/// <summary>Records that wait: parents whose children have not been read.</summary>
internal static class PgQueueTable
{
    /// <summary>Its name.</summary>
    public const string Name = "_tidemark_queue";

    /// <summary>Creates it, if it is missing.</summary>
    public static string CreateSql(string schema) =>
        $"""
        CREATE TABLE IF NOT EXISTS {Quoted(schema)}(queue text NOT NULL, number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, payload text NOT NULL);
        CREATE INDEX IF NOT EXISTS _tidemark_queue_order ON {Quoted(schema)}(queue, number)
        """;

    /// <summary>Adds items, in order.</summary>
    public static Task EnqueueAsync(Session session, string schema, string queue, IReadOnlyList<ReadOnlyMemory<byte>> items, CancellationToken cancellationToken) => session.ExecuteAsync(
        $"INSERT INTO {Quoted(schema)}(queue, payload) SELECT $1, i.payload FROM unnest($2::text[]) WITH ORDINALITY AS i(payload, place) ORDER BY i.place",
        cancellationToken, queue, items.Select(i => Encoding.UTF8.GetString(i.Span)).ToArray());

    /// <summary>Takes items out.</summary>
    public static Task DequeueAsync(Session session, string schema, string queue, long through, CancellationToken cancellationToken) =>
        session.ExecuteAsync($"DELETE FROM {Quoted(schema)} WHERE queue = $1 AND number <= $2", cancellationToken, queue, through);

    /// <summary>The oldest items.</summary>
    public static async Task<IReadOnlyList<QueueItem>> PeekAsync(Session session, string schema, string queue, long after, int count, CancellationToken cancellationToken)
    {
        var rows = await session.RowsAsync($"SELECT number, payload FROM {Quoted(schema)} WHERE queue = $1 AND number > $2 ORDER BY number LIMIT $3", cancellationToken, queue, after, count);
        return rows.ConvertAll(r => new QueueItem((long)r[0]!, Encoding.UTF8.GetBytes((string)r[1]!)));
    }

    private static string Quoted(string schema) => $"{PgSql.Quote(schema)}.{Name}";
}
