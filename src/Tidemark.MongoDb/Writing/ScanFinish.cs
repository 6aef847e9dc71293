using Tidemark.Destinations;
using Tidemark.MongoDb.Bson;
using Tidemark.MongoDb.Native;

namespace Tidemark.MongoDb.Writing;

/// <summary>What the end of a full scan will do, once it is committed. Nothing is changed before.</summary>
/// <param name="Lost">How many documents are marked or removed.</param>
/// <param name="ApplyAsync">Does it. A repeat is harmless.</param>
internal sealed record ScanFinish(long Lost, Func<CancellationToken, Task> ApplyAsync)
{
    private const int ChunkSize = 5000;

    /// <summary>What was put aside takes the place of all documents.</summary>
    /// <remarks>
    /// 1. Count what would be lost: with a key the keys that are not put aside, without one the difference in number; failed records count as seen.
    /// 2. Guards: an empty result, and more documents lost than max_delete allows.
    /// 3. <c>$out</c> takes the place of the collection at once; its indexes stay.
    /// </remarks>
    public static async Task<ScanFinish> ReplaceAsync(MongoSession session, string collection, string stage, IReadOnlyList<string> key, FinishOptions options, CancellationToken cancellationToken)
    {
        // 1.
        var before = await session.CountAsync(collection, cancellationToken);
        var after = await session.CountAsync(stage, cancellationToken);
        var lost = before == 0 ? 0 : after == 0 ? before : key.Count == 0 ? Math.Max(0, before - after) : await LostAsync(session, collection, stage, key, cancellationToken);
        // 2.
        if (before > 0 && after == 0 && !(options.AllowEmpty && options.FailedRecords == 0)) throw FinishGuards.Empty(collection, before, options);
        FinishGuards.CheckLoss(collection, before, Math.Max(0, lost - options.FailedRecords), after == 0, options);
        // 3.
        return new ScanFinish(lost, async token =>
        {
            if (after > 0) await session.AggregateAsync(stage, token, static w =>
            {
                w.Begin("$match"u8);
                w.End();
            }, w => w.String("$out"u8, collection));
            else if (before > 0) await session.WriteAsync(collection, static bulk => bulk.RemoveMany(BsonWriter.Document(static _ => { })), token);
        });
    }

    /// <summary>Documents that the scan has not carried are marked or removed.</summary>
    /// <remarks>
    /// 1. Count those that are there, and those of them that were not seen. Records that were refused have left their keys among the seen ones.
    /// 2. What is left are failed records without a known key. Any unseen document may be one of theirs, so they count as seen: while there are any, none goes.
    /// 3. Guards: a scan that saw nothing, and more documents lost than max_delete allows.
    /// </remarks>
    public static async Task<ScanFinish> DeleteAsync(MongoSession session, string collection, string seen, IReadOnlyList<string> key, bool marks, FinishOptions options, CancellationToken cancellationToken)
    {
        // 1.
        var (rows, unseen) = await SeenKeys.FindUnseenAsync(session, collection, seen, key, onlyUnmarked: marks, cancellationToken);
        var (all, failed) = await SeenKeys.CountAsync(session, seen, cancellationToken);
        // 2.
        var unknown = Math.Max(0, options.FailedRecords - failed);
        // 3.
        if (rows > 0 && all == 0 && !(options.AllowEmpty && options.FailedRecords == 0)) throw FinishGuards.Empty(collection, rows, options);
        FinishGuards.CheckLoss(collection, rows, Math.Max(0, unseen.Count - unknown), all == 0, options);
        if (unknown > 0) unseen = [];
        return new ScanFinish(unseen.Count, token => LoseAsync(session, collection, unseen, marks, options, token));
    }

    private static async Task<long> LostAsync(MongoSession session, string collection, string stage, IReadOnlyList<string> key, CancellationToken cancellationToken)
    {
        // The keys that are put aside, in the form in which keys are seen.
        var kept = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var chunk in session.ReadAsync(stage, static _ => { }, w => SeenKeys.WriteOptions(w, key), ChunkSize, cancellationToken)) kept.UnionWith(chunk.Select(d => SeenKeys.IdentityOf(key, d)));
        var lost = 0L;
        await foreach (var chunk in session.ReadAsync(collection, static _ => { }, w => SeenKeys.WriteOptions(w, key), ChunkSize, cancellationToken)) lost += chunk.Count(d => !kept.Contains(SeenKeys.IdentityOf(key, d)));
        return lost;
    }

    private static async Task LoseAsync(MongoSession session, string collection, List<byte[]> unseen, bool marks, FinishOptions options, CancellationToken cancellationToken)
    {
        var mark = BsonWriter.Document(w =>
        {
            w.Begin("$set"u8);
            w.Date(MergeOptions.DeletedAt, options.Now);
            w.End();
        });
        foreach (var chunk in unseen.Chunk(ChunkSize))
        {
            var ids = BsonWriter.Document(w => SeenKeys.WriteIds(w, chunk));
            await session.WriteAsync(collection, bulk =>
            {
                if (marks) bulk.UpdateMany(ids, mark);
                else bulk.RemoveMany(ids);
            }, cancellationToken);
        }
    }
}
