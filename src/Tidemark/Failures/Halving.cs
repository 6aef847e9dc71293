using Tidemark.Destinations;
using Tidemark.Records;

namespace Tidemark.Failures;

/// <summary>
/// Finds the records that a destination refuses: a batch that fails because of a record is split in half, under savepoints inside the one transaction, until the guilty
/// records stand alone; the rest is written. At most 2 × bad × log2(n) + 1 attempts, the logarithm rounded up. A destination that names them needs one attempt.
/// </summary>
public static class Halving
{
    /// <summary>Writes all records of a batch that can be written.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What was written, and the refused records with the destination's reason.</returns>
    public static async Task<HalvingResult> WriteAsync(IBatchTransaction transaction, RecordBatch batch, CancellationToken cancellationToken)
    {
        var counts = default(WriteCounts);
        var refused = await RunAsync(
            batch.Count,
            async (start, count) => counts += await transaction.WriteAsync(batch, start, count, cancellationToken),
            static e => e.Fault == DestinationFault.Record,
            (_, partly) => counts += partly.Counts);
        return new HalvingResult(counts, refused);
    }

    /// <summary>Writes all records of each of some batches that can be written, in a shared transaction: together, where none is refused.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="batches">The batches, of no target twice.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What became of each batch.</returns>
    public static async Task<IReadOnlyList<SharedHalvingResult>> WriteAsync(ISharedTransaction transaction, IReadOnlyList<TableRecords> batches, CancellationToken cancellationToken)
    {
        if (batches.Count > 1)
        {
            try
            {
                return [.. (await transaction.WriteAsync(batches, cancellationToken)).Select(w => new SharedHalvingResult(w, []))];
            }
            catch (RecordsRefusedException e)
            {
                return [.. e.Parts.Select(p => new SharedHalvingResult(p.Written, Named(p, start: 0)))];
            }
            catch (DestinationException e) when (IsOfRecord(e))
            {
                // One of them: each alone.
            }
        }
        var results = new List<SharedHalvingResult>(batches.Count);
        foreach (var batch in batches)
        {
            var written = new WrittenRecord[batch.Count];
            var refused = await RunAsync(
                batch.Count,
                async (start, count) =>
                {
                    var part = (await transaction.WriteAsync([batch with { Start = batch.Start + start, Count = count }], cancellationToken))[0];
                    for (var i = 0; i < part.Count; i++) written[start + i] = part[i];
                },
                IsOfRecord,
                (start, partly) =>
                {
                    for (var i = 0; i < partly.Written.Count; i++) written[start + i] = partly.Written[i];
                });
            results.Add(new SharedHalvingResult(written, refused));
        }
        return results;
    }

    // Where a table must not change, a run stops; of those who push, each answers for his own.
    private static bool IsOfRecord(DestinationException e) => e.Fault is DestinationFault.Record or DestinationFault.Guard;

    private static List<RefusedRecord> Named(PartlyWritten partly, int start) => [.. partly.Refused.OrderBy(r => r.Key).Select(r => new RefusedRecord(start + r.Key, r.Value))];

    private static async Task<List<RefusedRecord>> RunAsync(int records, Func<int, int, Task> write, Func<DestinationException, bool> isOfRecord, Action<int, PartlyWritten> onNamed)
    {
        var refused = new List<RefusedRecord>();
        var ranges = new Stack<(int Start, int Count)>();
        if (records > 0) ranges.Push((0, records));
        while (ranges.TryPop(out var range))
        {
            try
            {
                await write(range.Start, range.Count);
            }
            catch (RecordsRefusedException e)
            {
                onNamed(range.Start, e.Parts[0]);
                refused.AddRange(Named(e.Parts[0], range.Start));
            }
            catch (DestinationException e) when (isOfRecord(e) && range.Count == 1)
            {
                refused.Add(new RefusedRecord(range.Start, e.Message));
            }
            catch (DestinationException e) when (isOfRecord(e))
            {
                // The first half goes first: the order of records decides which of two with one key is the last.
                var half = range.Count / 2;
                ranges.Push((range.Start + half, range.Count - half));
                ranges.Push((range.Start, half));
            }
        }
        return refused;
    }
}
