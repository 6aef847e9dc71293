using System.Globalization;
using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.Sqlite.Native;

namespace Tidemark.Sqlite.Leases;

/// <summary>Checkpoints, in the database whose rows they cover.</summary>
internal static class CheckpointTable
{
    /// <summary>The row of a stream or of a slice of it: the pipeline as ?1, the stream as ?2, the slice as ?3.</summary>
    public const string Row = "pipeline = ?1 AND stream = ?2 AND slice = ?3";

    private const string Columns = "watermark, last_success, resume, boundary, complete, last_full_read, batch_no";

    public const string CreateSql =
        """
        CREATE TABLE IF NOT EXISTS _tidemark_checkpoints(
            pipeline TEXT NOT NULL, stream TEXT NOT NULL, slice TEXT NOT NULL DEFAULT '',
            owner TEXT, epoch BIGINT NOT NULL DEFAULT 0, expires_at DOUBLE NOT NULL DEFAULT 0,
            batch_no BIGINT NOT NULL DEFAULT 0, watermark TEXT, last_success TEXT, resume TEXT, boundary TEXT,
            complete BOOLEAN NOT NULL DEFAULT 0, last_full_read BIGINT, PRIMARY KEY(pipeline, stream, slice))
        """;

    /// <summary>True once a stream was written to this database.</summary>
    public static bool Exists(Database database) => database.Exists("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '_tidemark_checkpoints'");

    public static Checkpoint Read(Database database, string pipeline, string stream, string slice = "") =>
        database.Rows($"SELECT {Columns} FROM _tidemark_checkpoints WHERE {Row}", pipeline, stream, slice) is [var row] ? Of(row) : Checkpoint.None;

    /// <summary>Those of all slices of a stream, by slice.</summary>
    public static Dictionary<string, Checkpoint> ReadSlices(Database database, string pipeline, string stream) =>
        database.Rows($"SELECT {Columns}, slice FROM _tidemark_checkpoints WHERE pipeline = ?1 AND stream = ?2 AND slice <> ''", pipeline, stream).ToDictionary(r => (string)r[^1]!, Of, StringComparer.Ordinal);

    /// <summary>All streams of a pipeline, with the owner of each lease that has not expired.</summary>
    public static List<(string Stream, Checkpoint Checkpoint, string? Owner)> ReadAll(Database database, string pipeline) =>
        database.Rows($"SELECT {Columns}, stream, CASE WHEN expires_at > unixepoch('now', 'subsec') THEN owner END FROM _tidemark_checkpoints WHERE pipeline = ?1 AND slice = '' ORDER BY stream", pipeline)
            .ConvertAll(row => ((string)row[7]!, Of(row), (string?)row[8]));

    public static void Write(Database database, StreamTarget target, Checkpoint checkpoint) => database.Run(
        $"UPDATE _tidemark_checkpoints SET watermark = ?4, last_success = ?5, resume = ?6, boundary = ?7, complete = ?8, last_full_read = ?9, batch_no = ?10 WHERE {Row}",
        target.PipelineName, target.Stream, target.Slice, checkpoint.Watermark, checkpoint.LastSuccess?.ToString("O", CultureInfo.InvariantCulture), checkpoint.Resume, checkpoint.Boundary,
        checkpoint.Complete, checkpoint.LastFullRead, checkpoint.BatchNumber);

    /// <summary>How far a stream's inbox is delivered.</summary>
    public static long ReadPosition(Database database, string pipeline, string stream) =>
        database.Count($"SELECT batch_no FROM _tidemark_checkpoints WHERE {Row}", pipeline, stream, SharedPosition.Slice);

    /// <summary>Moves the position of a stream's inbox, if it stands where it is expected to.</summary>
    public static bool TryMove(Database database, SharedPosition position)
    {
        database.Run(
            "INSERT INTO _tidemark_checkpoints(pipeline, stream, slice) SELECT ?1, ?2, ?3 WHERE ?4 = 0 ON CONFLICT DO NOTHING", position.PipelineName, position.Stream, SharedPosition.Slice, position.Expected);
        database.Run(
            $"UPDATE _tidemark_checkpoints SET batch_no = ?5 WHERE {Row} AND batch_no = ?4", position.PipelineName, position.Stream, SharedPosition.Slice, position.Expected, position.Next);
        return database.Changes == 1;
    }

    private static Checkpoint Of(object?[] row) => new()
    {
        Watermark = (string?)row[0],
        LastSuccess = row[1] is string at ? DateTimeOffset.Parse(at, CultureInfo.InvariantCulture) : null,
        Resume = (string?)row[2],
        Boundary = (string?)row[3],
        Complete = row[4] is 1L,
        LastFullRead = (long?)row[5],
        BatchNumber = (long)row[6]!,
    };
}
