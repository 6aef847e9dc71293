using System.Globalization;
using System.Text.Json;
using Tidemark.Destinations;
using Tidemark.Failures;

namespace Tidemark.Runs.Retries;

/// <summary>
/// Failed records that are committed in the destination and not known to be closed in the store: two databases, and a crash may come between. They wait in a queue of the
/// destination, put there in the transaction that wrote them.
/// </summary>
internal static class RetriedQueue
{
    /// <summary>The name of a stream's queue.</summary>
    public static string Name(string pipeline, string stream) => $"retried:{pipeline}/{stream}";

    /// <summary>A written record as an item of the queue. When it failed belongs to it: a record that has failed again since must not be closed.</summary>
    public static ReadOnlyMemory<byte> Item(FailedRecord record, FailedRecordStatus status) => JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["id"] = record.Id,
        ["status"] = status.ToString(),
        ["failed_at"] = record.FailedAt.ToString("O", CultureInfo.InvariantCulture),
    });

    /// <summary>Closes in the store what an earlier retry has written and could not close.</summary>
    /// <returns>True if something waits in the queue, and the report with those of the selected records that were closed.</returns>
    public static async Task<(bool Queued, StreamRetryReport Report)> CloseAsync(
        Func<long, Task<IReadOnlyList<QueueItem>>> peek, IFailedRecordStore store, StreamRetryReport report, IReadOnlySet<string> selected, DateTimeOffset now)
    {
        var through = 0L;
        while (await peek(through) is { Count: > 0 } items)
        {
            through = items[^1].Number;
            var written = items.Select(i => Fields(i.Json)).ToList();
            var kept = (await store.GetAsync([.. written.Select(w => w.Id)], CancellationToken.None)).ToDictionary(r => r.Id, StringComparer.Ordinal);
            var open = written.Where(w => kept.TryGetValue(w.Id, out var record) && record.Status == FailedRecordStatus.Open && record.FailedAt == w.FailedAt).ToLookup(w => w.Status, w => w.Id);
            foreach (var ids in open) await store.CloseAsync([.. ids], ids.Key, now, CancellationToken.None);
            report = report with
            {
                Resolved = report.Resolved + open[FailedRecordStatus.Resolved].Count(selected.Contains),
                Superseded = report.Superseded + open[FailedRecordStatus.Superseded].Count(selected.Contains),
            };
        }
        return (through > 0, report);
    }

    private static (string Id, FailedRecordStatus Status, DateTimeOffset FailedAt) Fields(ReadOnlyMemory<byte> item)
    {
        using var json = JsonDocument.Parse(item);
        var fields = json.RootElement;
        return (fields.GetProperty("id").GetString()!, Enum.Parse<FailedRecordStatus>(fields.GetProperty("status").GetString()!),
            DateTimeOffset.Parse(fields.GetProperty("failed_at").GetString()!, CultureInfo.InvariantCulture));
    }
}
