using Tidemark.Destinations;
using Tidemark.Records;

namespace Tidemark.Failures;

/// <summary>
/// Finds the records that a destination refuses: a batch that fails because of a record is split in half, under savepoints inside the one transaction, until the guilty
/// records stand alone; the rest is written. At most 2 × bad × log2(n) + 1 attempts, the logarithm rounded up.
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
        var refused = new List<RefusedRecord>();
        var ranges = new Stack<(int Start, int Count)>();
        if (batch.Count > 0) ranges.Push((0, batch.Count));
        while (ranges.TryPop(out var range))
        {
            try
            {
                counts += await transaction.WriteAsync(batch, range.Start, range.Count, cancellationToken);
            }
            catch (DestinationException e) when (e.Fault == DestinationFault.Record && range.Count == 1)
            {
                refused.Add(new RefusedRecord(range.Start, e.Message));
            }
            catch (DestinationException e) when (e.Fault == DestinationFault.Record)
            {
                // The first half goes first: the order of records decides which of two with one key is the last.
                var half = range.Count / 2;
                ranges.Push((range.Start + half, range.Count - half));
                ranges.Push((range.Start, half));
            }
        }
        return new HalvingResult(counts, refused);
    }
}
