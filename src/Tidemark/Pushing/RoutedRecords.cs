using Tidemark.Records;

namespace Tidemark.Pushing;

/// <summary>The records of a gathered write that go to one table, with where they came from and what they refer to.</summary>
/// <param name="schema">What is declared of the table.</param>
/// <param name="known">The fields of the table.</param>
/// <param name="references">How many references each record has.</param>
internal sealed class RoutedRecords(BatchSchema schema, KnownFields known, int references) : IDisposable
{
    private readonly List<RecordOrigin> _origins = [];
    private readonly List<int> _tuples = [];

    public RecordBatch Batch { get; } = new(schema, known);

    public RecordOrigin OriginOf(int row) => _origins[row];

    /// <summary>The number of the tuple that a record asks a reference for; below 0: it does not ask.</summary>
    public int TupleOf(int row, int reference) => _tuples[(row * references) + reference];

    /// <summary>Adds a record, or says why it can't be one.</summary>
    public string? Add(ReadOnlySpan<byte> record, RecordOrigin origin, ReadOnlySpan<int> tuples)
    {
        if (Batch.Add(record) is { } wrong) return wrong;
        _origins.Add(origin);
        _tuples.AddRange(tuples);
        return null;
    }

    /// <summary>The same without some rows.</summary>
    public RoutedRecords Without(Func<int, bool> isLeftOut)
    {
        var rest = new RoutedRecords(schema, known, references);
        Span<int> tuples = stackalloc int[references];
        for (var row = 0; row < Batch.Count; row++)
        {
            if (isLeftOut(row)) continue;
            for (var i = 0; i < references; i++) tuples[i] = TupleOf(row, i);
            rest.Add(Batch.Payload(row), OriginOf(row), tuples);
        }
        return rest;
    }

    public void Dispose() => Batch.Dispose();
}
