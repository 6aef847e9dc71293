using Tidemark.Destinations;

namespace Tidemark.Saving;

/// <summary>Tells that an item is queued, which is no acknowledgement: <see cref="Durable"/> is.</summary>
public readonly record struct Receipt
{
    private readonly Ticket _ticket;
    private readonly int _index;

    internal Receipt(Ticket ticket, int index, long number) => (_ticket, _index, Number) = (ticket, index, number);

    /// <summary>The number of the item: the one that it was added with, else how many had been added with it.</summary>
    public long Number { get; }

    /// <summary>
    /// Completes when the item is on disk, with what became of it; then no crash takes it away. Fails with <see cref="ItemRejectedException"/> if it was not written because of what it is,
    /// and with <see cref="DestinationException"/> if the database did not take the batch, in as many attempts as runs make.
    /// </summary>
    public Task<WrittenRecord> Durable => _ticket.OutcomeOfAsync(_index);
}
