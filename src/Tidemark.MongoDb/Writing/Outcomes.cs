using Tidemark.Destinations;

namespace Tidemark.MongoDb.Writing;

/// <summary>What becomes of the records of a call, while they are written.</summary>
internal sealed class Outcomes
{
    private readonly WrittenRecord[] _written;
    private readonly Dictionary<int, string> _refused = [];
    private readonly int _start;

    /// <param name="start">The first record, in its batch.</param>
    /// <param name="count">How many.</param>
    public Outcomes(int start, int count)
    {
        _start = start;
        _written = new WrittenRecord[count];
        // What makes no document of its own has been overtaken.
        Array.Fill(_written, new WrittenRecord(RecordOutcome.Duplicate));
    }

    /// <summary>What became of each, from the call's first on.</summary>
    public WrittenRecord[] Written => _written;

    /// <summary>True if all were written.</summary>
    public bool IsWhole => _refused.Count == 0;

    /// <summary>As the engine is told it.</summary>
    public PartlyWritten Parts => new(_written, _refused);

    /// <summary>The records that were refused, in their batch.</summary>
    public IEnumerable<int> Refused => _refused.Keys.Select(r => _start + r);

    /// <summary>What became of a record.</summary>
    public RecordOutcome this[int record]
    {
        get => _written[record - _start].Outcome;
        set => _written[record - _start] = new WrittenRecord(value);
    }

    /// <summary>Notes that a record is refused.</summary>
    public void Refuse(int record, string reason) => _refused[record - _start] = reason;
}
