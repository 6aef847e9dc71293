using Tidemark.Records;

namespace Tidemark.Saving;

/// <summary>A batch that is being filled, or written. While it is filled, the writer's lock guards it; then the writing task owns it.</summary>
/// <param name="schema">What is declared of the table.</param>
/// <param name="known">The fields of the table.</param>
internal sealed class OpenBatch(BatchSchema schema, KnownFields known) : IDisposable
{
    private readonly List<int> _items = [];
    private readonly List<long> _numbers = [];
    private readonly List<(int Item, byte[] Payload, string Reason)> _refused = [];

    public RecordBatch Records { get; } = new(schema, known);

    public Ticket Ticket { get; } = new();

    /// <summary>How many items, refused ones included.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of these.</summary>
    public long Bytes { get; private set; }

    /// <summary>When the first item came.</summary>
    public long OpenedAt { get; private set; }

    /// <summary>Items that can't be a record, with the reason.</summary>
    public IReadOnlyList<(int Item, byte[] Payload, string Reason)> Refused => _refused;

    /// <summary>The item that a record came from.</summary>
    public int ItemOf(int row) => _items[row];

    /// <summary>The number under which an item was added.</summary>
    public long NumberOf(int item) => _numbers[item];

    public Receipt Add(ReadOnlySpan<byte> json, long number, long now)
    {
        if (Count == 0) OpenedAt = now;
        if (Records.Add(json) is { } wrong) _refused.Add((Count, json.ToArray(), wrong));
        else _items.Add(Count);
        _numbers.Add(number);
        Bytes += json.Length;
        return new Receipt(Ticket, Count++, number);
    }

    public void Dispose() => Records.Dispose();
}
