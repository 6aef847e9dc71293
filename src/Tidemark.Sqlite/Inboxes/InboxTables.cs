using System.Globalization;
using Tidemark.Destinations;
using Tidemark.Inboxes;
using Tidemark.Records;
using Tidemark.Sqlite.Native;

namespace Tidemark.Sqlite.Inboxes;

/// <summary>The tables of an inbox file, for one pipeline. Used by one task; who calls holds the transaction.</summary>
internal sealed class InboxTables(Database database, string pipeline)
{
    /// <summary>The schema's number, in the file's own header: it rises with each change of a table.</summary>
    private const long Version = 1;

    private const string CreateSql =
        """
        CREATE TABLE batches(
            id TEXT NOT NULL PRIMARY KEY, pipeline TEXT NOT NULL, stream TEXT NOT NULL, path TEXT NOT NULL, scope TEXT, key TEXT, accepted_at TEXT NOT NULL, first_position BIGINT NOT NULL,
            records BIGINT NOT NULL, ended_at TEXT, problem TEXT);
        CREATE UNIQUE INDEX batches_by_key ON batches(pipeline, scope, key) WHERE key IS NOT NULL;
        CREATE INDEX batches_that_wait ON batches(pipeline, stream, first_position) WHERE ended_at IS NULL;
        CREATE INDEX batches_that_ended ON batches(pipeline, ended_at) WHERE ended_at IS NOT NULL;
        CREATE TABLE parts(batch_id TEXT NOT NULL, pipeline TEXT NOT NULL, number BIGINT NOT NULL, hash BLOB NOT NULL, records BIGINT NOT NULL, size BIGINT NOT NULL, is_done BOOLEAN NOT NULL DEFAULT 0, outcome BLOB, payload BLOB,
            PRIMARY KEY(batch_id, number));
        PRAGMA user_version = 1
        """;

    private const string BatchColumns = "id, stream, path, scope, key, accepted_at, records, ended_at, problem";
    private const int MaxPurged = 5000;

    /// <summary>Makes the tables where they are missing.</summary>
    public void Prepare()
    {
        switch (database.Count("PRAGMA user_version"))
        {
            case 0:
                database.Execute(CreateSql);
                break;
            case > Version and var newer:
                throw new DestinationException(DestinationFault.Fatal, $"the inbox '{database.Path}' has schema {newer}, this version of Tidemark knows {Version}: use a newer version, or deliver it with the one that wrote it");
        }
    }

    /// <summary>Forgets what was still arriving when the process before ended: nobody was told that it is kept.</summary>
    public void DiscardArriving() => database.Run("DELETE FROM parts WHERE pipeline = ?1 AND NOT EXISTS(SELECT 1 FROM batches WHERE id = batch_id)", pipeline);

    public List<InboxDepth> Depths() => database.Rows(
        """
        SELECT b.stream, COUNT(DISTINCT b.id), SUM(CASE WHEN p.number = 0 THEN b.records ELSE 0 END), SUM(CASE WHEN p.is_done THEN 0 ELSE p.size END), MIN(b.accepted_at)
        FROM batches b JOIN parts p ON p.batch_id = b.id WHERE b.pipeline = ?1 AND b.ended_at IS NULL GROUP BY b.stream ORDER BY b.stream
        """, pipeline).ConvertAll(r => new InboxDepth((string)r[0]!, (long)r[1]!, (long)r[2]!, (long)r[3]!, Time(r[4])));

    public void Add(InboxPart part, ReadOnlySpan<byte> payload)
    {
        using var insert = database.Prepare("INSERT INTO parts(batch_id, pipeline, number, hash, records, size, payload) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");
        insert.With(part.BatchId, pipeline, part.Number, part.Hash.ToArray(), part.Records, payload.Length);
        database.Check(insert.BindBlob(7, payload));
        insert.Run();
    }

    /// <summary>Accepts a batch behind all others of its stream.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="least">Its first position if that is larger than any before.</param>
    public void Accept(InboxBatch batch, long least)
    {
        var before = database.Count("SELECT MAX(first_position + (SELECT COUNT(*) FROM parts WHERE batch_id = id)) FROM batches WHERE pipeline = ?1 AND stream = ?2", pipeline, batch.Stream);
        database.Run(
            "INSERT INTO batches(id, pipeline, stream, path, scope, key, accepted_at, first_position, records) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            batch.Id, pipeline, batch.Stream, batch.Path, batch.Scope, batch.Key, Text(batch.AcceptedAt), Math.Max(before, least), batch.Records);
    }

    public void Discard(string batchId) => database.Run("DELETE FROM parts WHERE batch_id = ?1", batchId);

    public InboxBatch? Find(string batchId) => database.Rows($"SELECT {BatchColumns} FROM batches WHERE id = ?1 AND pipeline = ?2", batchId, pipeline) is [var row] ? BatchOf(row) : null;

    public InboxBatch? Find(string scope, string key) => database.Rows($"SELECT {BatchColumns} FROM batches WHERE scope = ?1 AND key = ?2 AND pipeline = ?3", scope, key, pipeline) is [var row] ? BatchOf(row) : null;

    public List<InboxPart> Parts(string batchId) =>
        database.Rows("SELECT p.batch_id, p.number, p.hash, p.records, b.first_position + p.number, p.outcome FROM parts p JOIN batches b ON b.id = p.batch_id WHERE b.id = ?1 ORDER BY p.number", batchId).ConvertAll(PartOf);

    /// <summary>The first part of a stream that waits, with its payload; null: none does.</summary>
    public (InboxBatch Batch, InboxPart Part, PooledBuffer Payload)? First(string stream)
    {
        if (database.Scalar("SELECT id FROM batches WHERE pipeline = ?1 AND stream = ?2 AND ended_at IS NULL ORDER BY first_position LIMIT 1", pipeline, stream) is not string id) return null;
        using var select = database.Prepare("SELECT payload, number FROM parts WHERE batch_id = ?1 AND NOT is_done ORDER BY number LIMIT 1");
        if (!select.With(id).Step()) throw new DestinationException(DestinationFault.Fatal, $"the batch {id} in '{database.Path}' has no part that waits, and has not ended: the file was changed by somebody else");
        var number = (int)select.Integer(1);
        var bytes = select.Bytes(0);
        var payload = new PooledBuffer(Math.Max(1, bytes.Length));
        payload.Write(bytes);
        return (Find(id)!, Parts(id)[number], payload);
    }

    /// <summary>Keeps what became of a part.</summary>
    /// <returns>What its batch no longer takes, and whether that has ended.</returns>
    public (long Bytes, bool Ended) Complete(InboxPart part, string? problem, DateTimeOffset now)
    {
        var freed = database.Count("SELECT SUM(size) FROM parts WHERE batch_id = ?1 AND NOT is_done AND (number = ?2 OR ?3)", part.BatchId, part.Number, problem is not null);
        database.Run(
            "UPDATE parts SET is_done = 1, payload = NULL, outcome = CASE WHEN number = ?2 THEN ?4 END WHERE batch_id = ?1 AND NOT is_done AND (number = ?2 OR ?3)",
            part.BatchId, part.Number, problem is not null, part.Outcome?.ToArray());
        var ended = !database.Exists("SELECT 1 FROM parts WHERE batch_id = ?1 AND NOT is_done", part.BatchId);
        if (ended) database.Run("UPDATE batches SET ended_at = ?2, problem = ?3 WHERE id = ?1", part.BatchId, Text(now), problem);
        return (freed, ended);
    }

    /// <summary>When the first batch of a stream that waits was accepted.</summary>
    public DateTimeOffset? OldestOf(string stream) =>
        Time(database.Scalar("SELECT accepted_at FROM batches WHERE pipeline = ?1 AND stream = ?2 AND ended_at IS NULL ORDER BY first_position LIMIT 1", pipeline, stream));

    public void Purge(DateTimeOffset before)
    {
        const string Old = "SELECT id FROM batches WHERE pipeline = ?1 AND ended_at < ?2 ORDER BY ended_at LIMIT ?3";
        database.Run($"DELETE FROM parts WHERE batch_id IN ({Old})", pipeline, Text(before), MaxPurged);
        database.Run($"DELETE FROM batches WHERE id IN ({Old})", pipeline, Text(before), MaxPurged);
    }

    private static InboxBatch BatchOf(object?[] row) => new()
    {
        Id = (string)row[0]!,
        Stream = (string)row[1]!,
        Path = (string)row[2]!,
        Scope = (string?)row[3],
        Key = (string?)row[4],
        AcceptedAt = Time(row[5])!.Value,
        Records = (long)row[6]!,
        EndedAt = Time(row[7]),
        Problem = (string?)row[8],
    };

    private static InboxPart PartOf(object?[] row) => new((string)row[0]!, (int)(long)row[1]!, (byte[])row[2]!, (int)(long)row[3]!) { Position = (long)row[4]!, Outcome = row[5] is byte[] outcome ? outcome : default(ReadOnlyMemory<byte>?) };

    // All in UTC with the same number of digits, so that texts are ordered as times are.
    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(object? value) => value is string text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) : null;
}
