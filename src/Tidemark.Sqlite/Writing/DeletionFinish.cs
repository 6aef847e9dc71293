using System.Globalization;
using Tidemark.Destinations;
using Tidemark.Sqlite.Native;
using Tidemark.Sqlite.Tables;

namespace Tidemark.Sqlite.Writing;

/// <summary>Marks or removes the rows that a complete full scan has not carried.</summary>
/// <remarks>
/// 1. Count the rows that are there, and those of them that were not seen. Records that the table refused have left their keys among the seen ones.
/// 2. What is left are failed records without a known key, such as broken JSON. Any unseen row may be one of theirs, so they count as seen: while there are any, no row goes.
/// 3. Guards: a scan that saw nothing, and more rows lost than max_delete allows.
/// 4. Mark or remove, and forget the keys.
/// </remarks>
internal static class DeletionFinish
{
    /// <summary>Does it.</summary>
    /// <returns>How many rows were marked or removed.</returns>
    public static long Run(Database database, StreamTables tables, StreamTarget target, FinishOptions options)
    {
        var (main, seen) = (tables.Main, tables.Seen);
        if (!main.Exists) return 0;
        var mark = target.Deletions == Deletions.Mark;
        if (mark) main.Ensure([]);
        // 1.
        var table = Sql.Quote(main.Name);
        var alive = mark ? $"{TableColumn.DeletedAt} IS NULL" : "1";
        var rows = database.Count($"SELECT count(*) FROM {table} WHERE {alive}");
        var unseen = database.Count($"SELECT count(*) FROM {table} WHERE {alive} AND {seen.Unseen()}");
        // 2.
        var unknown = Math.Max(0, options.FailedRecords - seen.CountFailed());
        // 3.
        if (rows > 0 && seen.Count() == 0 && !(options.AllowEmpty && options.FailedRecords == 0))
            throw FinishGuards.Empty(main.Name, rows, options);
        FinishGuards.CheckLoss(main.Name, rows, Math.Max(0, unseen - unknown), seen.Count() == 0, options);
        // 4.
        var lost = unknown > 0 ? 0 : unseen;
        if (lost > 0)
        {
            if (mark) database.Run($"UPDATE {table} SET {TableColumn.DeletedAt} = ?1 WHERE {alive} AND {seen.Unseen()}", options.Now.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            else database.Run($"DELETE FROM {table} WHERE {seen.Unseen()}");
        }
        seen.Table.Drop();
        return lost;
    }
}
