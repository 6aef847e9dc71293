using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;
using Tidemark.PostgreSql.Tables;

namespace Tidemark.PostgreSql.Writing;

/// <summary>Marks or removes the rows that a complete full scan has not carried.</summary>
/// <remarks>
/// 1. Count the rows that are there, and those of them that were not seen. Records that the table refused have left their keys among the seen ones.
/// 2. What is left are failed records without a known key, such as broken JSON. Any unseen row may be one of theirs, so they count as seen: while there are any, no row goes.
/// 3. Guards: a scan that saw nothing, and more rows lost than max_delete allows.
/// 4. Mark or remove, and forget the keys.
/// </remarks>
internal static class PgDeletionFinish
{
    /// <summary>Does it.</summary>
    /// <returns>How many rows were marked or removed.</returns>
    public static async Task<long> RunAsync(PgStreamTables tables, StreamTarget target, FinishOptions options, CancellationToken cancellationToken)
    {
        var (session, main, seen) = (tables.Session, tables.Main, tables.Seen);
        if (!main.Exists) return 0;
        var mark = target.Deletions == Deletions.Mark;
        if (mark) await main.EnsureAsync([], cancellationToken);
        // 1.
        var table = $"{main.Name.Quoted} AS m";
        var alive = mark ? $"m.{PgColumn.DeletedAt} IS NULL" : "true";
        var there = await session.RowsAsync($"SELECT count(*), count(*) FILTER (WHERE {seen.Unseen()}) FROM {table} WHERE {alive}", cancellationToken);
        var (rows, unseen) = ((long)there[0][0]!, (long)there[0][1]!);
        var seenCount = await seen.CountAsync(cancellationToken);
        // 2.
        var unknown = Math.Max(0, options.FailedRecords - await seen.CountFailedAsync(cancellationToken));
        // 3.
        if (rows > 0 && seenCount == 0 && !(options.AllowEmpty && options.FailedRecords == 0))
            throw FinishGuards.Empty(main.Name.Name, rows, options);
        FinishGuards.CheckLoss(main.Name.Name, rows, Math.Max(0, unseen - unknown), seenCount == 0, options);
        // 4.
        var lost = unknown > 0 ? 0 : unseen;
        if (lost > 0) lost = await LoseAsync(session, mark, table, alive, seen.Unseen(), options, cancellationToken);
        await seen.Table.DropAsync(cancellationToken);
        return lost;
    }

    private static async Task<long> LoseAsync(Session session, bool mark, string table, string alive, string unseen, FinishOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return mark
                ? await session.ExecuteAsync($"UPDATE {table} SET {PgColumn.DeletedAt} = $1 WHERE {alive} AND {unseen}", cancellationToken, options.Now.UtcDateTime)
                : await session.ExecuteAsync($"DELETE FROM {table} WHERE {unseen}", cancellationToken);
        }
        catch (PgError e) when (e.Fault == DestinationFault.Record)
        {
            throw new DestinationException(DestinationFault.Fatal, $"rows that the source no longer has can't be {(mark ? "marked" : "removed")}: {e.Message}", e);
        }
    }
}
