using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;

namespace Tidemark.PostgreSql.Leases;

/// <summary>Checkpoints, in the database whose rows they cover.</summary>
internal static class PgCheckpointTable
{
    /// <summary>Its name.</summary>
    public const string Name = "_tidemark_checkpoints";

    /// <summary>The row of a stream or of a slice of it: the pipeline as $1, the stream as $2, the slice as $3.</summary>
    public const string Row = "pipeline = $1 AND stream = $2 AND slice = $3";

    private const string Columns = "watermark, last_success, resume, boundary, complete, last_full_read, batch_no";

    /// <summary>Its name as it stands in SQL.</summary>
    public static string Quoted(string schema) => $"{PgSql.Quote(schema)}.{Name}";

    /// <summary>Creates it, if it is missing.</summary>
    public static string CreateSql(string schema) =>
        $"""
        CREATE TABLE IF NOT EXISTS {Quoted(schema)}(
            pipeline text NOT NULL, stream text NOT NULL, slice text NOT NULL DEFAULT '',
            owner text, epoch bigint NOT NULL DEFAULT 0, expires_at timestamptz NOT NULL DEFAULT '-infinity',
            batch_no bigint NOT NULL DEFAULT 0, watermark text, last_success timestamptz, resume text, boundary text,
            complete boolean NOT NULL DEFAULT false, last_full_read bigint, PRIMARY KEY(pipeline, stream, slice))
        """;

    /// <summary>Reads the checkpoint of a stream, or of a slice of it.</summary>
    public static async Task<Checkpoint> ReadAsync(Session session, string schema, string pipeline, string stream, string slice, CancellationToken cancellationToken) =>
        await session.RowsAsync($"SELECT {Columns} FROM {Quoted(schema)} WHERE {Row}", cancellationToken, pipeline, stream, slice) is [var row] ? Of(row) : Checkpoint.None;

    /// <summary>Reads those of all slices of a stream, by slice.</summary>
    public static async Task<Dictionary<string, Checkpoint>> ReadSlicesAsync(Session session, string schema, string pipeline, string stream, CancellationToken cancellationToken)
    {
        var rows = await session.RowsAsync($"SELECT {Columns}, slice FROM {Quoted(schema)} WHERE pipeline = $1 AND stream = $2 AND slice <> ''", cancellationToken, pipeline, stream);
        return rows.ToDictionary(r => (string)r[^1]!, Of, StringComparer.Ordinal);
    }

    /// <summary>All streams of a pipeline, with the owner of each lease that has not expired.</summary>
    public static async Task<List<(string Stream, Checkpoint Checkpoint, string? Owner)>> ReadAllAsync(Session session, string schema, string pipeline, CancellationToken cancellationToken)
    {
        var rows = await session.RowsAsync(
            $"SELECT {Columns}, stream, CASE WHEN expires_at > clock_timestamp() THEN owner END FROM {Quoted(schema)} WHERE pipeline = $1 AND slice = '' ORDER BY stream", cancellationToken, pipeline);
        return rows.ConvertAll(row => ((string)row[7]!, Of(row), (string?)row[8]));
    }

    /// <summary>
    /// Reads a stream's committed batch number, once no transaction is about to change it: one that has lost its connection in COMMIT may still be going through, and holds the row until
    /// it is decided.
    /// </summary>
    public static async Task<long> ReadBatchNumberAsync(Session session, string schema, StreamTarget target, CancellationToken cancellationToken) =>
        await session.ScalarAsync($"SELECT batch_no FROM {Quoted(schema)} WHERE {Row} FOR UPDATE", cancellationToken, target.PipelineName, target.Stream, target.Slice) as long? ?? 0;

    /// <summary>How far a stream's inbox is delivered.</summary>
    public static async Task<long> ReadPositionAsync(Session session, string schema, string pipeline, string stream, CancellationToken cancellationToken) =>
        await session.ScalarAsync($"SELECT batch_no FROM {Quoted(schema)} WHERE {Row}", cancellationToken, pipeline, stream, SharedPosition.Slice) as long? ?? 0;

    /// <summary>Moves the position of a stream's inbox, if it stands where it is expected to: answers a row then, and none otherwise.</summary>
    public static PgStatement Move(string schema, SharedPosition position) => new(
        $"""
        INSERT INTO {Quoted(schema)} AS c(pipeline, stream, slice, batch_no) SELECT $1, $2, $3, $5 WHERE $4 = 0 OR EXISTS(SELECT FROM {Quoted(schema)} WHERE {Row})
        ON CONFLICT (pipeline, stream, slice) DO UPDATE SET batch_no = excluded.batch_no WHERE c.batch_no = $4 RETURNING 1
        """,
        position.PipelineName, position.Stream, SharedPosition.Slice, position.Expected, position.Next);

    private static Checkpoint Of(object?[] row) => new()
    {
        Watermark = (string?)row[0],
        LastSuccess = row[1] is DateTime at ? new DateTimeOffset(at, TimeSpan.Zero) : null,
        Resume = (string?)row[2],
        Boundary = (string?)row[3],
        Complete = row[4] is true,
        LastFullRead = (long?)row[5],
        BatchNumber = (long)row[6]!,
    };
}
