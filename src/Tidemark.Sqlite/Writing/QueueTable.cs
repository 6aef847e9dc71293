using Tidemark.Destinations;
using Tidemark.Sqlite.Native;

namespace Tidemark.Sqlite.Writing;

/// <summary>Records that wait: parents whose children have not been read.</summary>
internal static class QueueTable
{
    public const string CreateSql =
        """
        CREATE TABLE IF NOT EXISTS _tidemark_queue(queue TEXT NOT NULL, number INTEGER PRIMARY KEY AUTOINCREMENT, payload TEXT NOT NULL);
        CREATE INDEX IF NOT EXISTS _tidemark_queue_order ON _tidemark_queue(queue, number)
        """;

    public static void Enqueue(Database database, string queue, IReadOnlyList<ReadOnlyMemory<byte>> items)
    {
        using var insert = database.Prepare("INSERT INTO _tidemark_queue(queue, payload) VALUES(?1, ?2)");
        foreach (var item in items) insert.With(queue, item).Run();
    }

    public static void Dequeue(Database database, string queue, long through) => database.Run("DELETE FROM _tidemark_queue WHERE queue = ?1 AND number <= ?2", queue, through);

    public static List<QueueItem> Peek(Database database, string queue, long after, int count)
    {
        using var select = database.Prepare("SELECT number, payload FROM _tidemark_queue WHERE queue = ?1 AND number > ?2 ORDER BY number LIMIT ?3");
        select.With(queue, after, count);
        var items = new List<QueueItem>();
        while (select.Step()) items.Add(new QueueItem(select.Integer(0), select.Bytes(1).ToArray()));
        return items;
    }
}
