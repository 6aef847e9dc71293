using Tidemark.Destinations;
using Tidemark.Pushing;
using Tidemark.Records;

namespace Tidemark.Lookups.Keeping;

/// <summary>Writes rows, as posts are written: one transaction is under way, and what comes meanwhile goes with the next. Safe for any number of tasks.</summary>
internal sealed class RowWriter : IAsyncDisposable
{
    private readonly Gatherer _gatherer;

    /// <param name="destination">The database; it stays open when this ends.</param>
    /// <param name="target">The table.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Spreads waits.</param>
    public RowWriter(IDestination destination, StreamTarget target, TimeProvider time, Random random) =>
        _gatherer = new Gatherer(destination, new PushTarget { PipelineName = target.PipelineName, Name = target.Stream, Routes = [new PushRoute(target)] }, new GathererOptions(), time, random);

    /// <summary>Writes rows; they are on disk when the task completes.</summary>
    /// <param name="rows">Rows as JSON objects.</param>
    /// <returns>Why a row was refused, by its place; empty: all are written.</returns>
    /// <exception cref="DestinationException">The database is away.</exception>
    public async Task<IReadOnlyDictionary<int, string>> WriteAsync(IReadOnlyList<ReadOnlyMemory<byte>> rows)
    {
        var bytes = new PooledBuffer(Math.Max(1, rows.Sum(r => r.Length)));
        var slices = new List<RecordSlice>(rows.Count);
        foreach (var row in rows)
        {
            slices.Add(new RecordSlice(bytes.Length, row.Length));
            bytes.Write(row.Span);
        }
        var answer = await _gatherer.WriteAsync(new Post(bytes, slices), CancellationToken.None);
        return answer.Status switch
        {
            PostStatus.Written => answer.Rejected.ToDictionary(r => r.Index, r => r.Message),
            PostStatus.Unavailable or PostStatus.Full => throw new DestinationException(DestinationFault.Temporary, answer.Problem ?? "too much waits to be written"),
            _ => throw new DestinationException(DestinationFault.Fatal, answer.Problem ?? "the rows were not written"),
        };
    }

    public ValueTask DisposeAsync() => _gatherer.DisposeAsync();
}
