namespace Tidemark.Records;

/// <summary>
/// One answer of a source: its UTF-8 bytes and where each record lies in them. A source makes it, the reader of a stream owns and disposes it.
/// A source yields at least one page, if only an empty one, so that "nothing there" is seen.
/// </summary>
/// <param name="buffer">The bytes; the page owns them from now on.</param>
/// <param name="records">The records, in the order of the source.</param>
public sealed class Page(PooledBuffer buffer, IReadOnlyList<RecordSlice> records) : IDisposable
{
    /// <summary>The records, in the order of the source.</summary>
    public IReadOnlyList<RecordSlice> Records { get; } = records;

    /// <summary>How many bytes the answer had.</summary>
    public int ByteCount => buffer.Length;

    /// <summary>
    /// Where this page starts, in the source's own words: given as <c>ResumeFrom</c> it makes the source begin with this page again.
    /// Null if the source cannot go back (standard input).
    /// </summary>
    public string? Position { get; init; }

    /// <summary>Where the next page starts, in the source's own words; null on the last page.</summary>
    public string? NextPosition { get; init; }

    /// <summary>True if the source stopped here although there is more (<c>max_pages</c>): the scan is not complete then.</summary>
    public bool CutShort { get; init; }

    /// <summary>How many records the whole reading has, as the source said with this page, those before it included; null: it said nothing.</summary>
    public long? Total { get; init; }

    /// <summary>The source's own clock when it answered, where it tells (the Date header).</summary>
    public DateTimeOffset? ServerTime { get; init; }

    /// <summary>The bytes of a record.</summary>
    /// <param name="index">Which one.</param>
    public ReadOnlySpan<byte> Record(int index) => buffer.Written.Slice(Records[index].Offset, Records[index].Length);

    /// <inheritdoc/>
    public void Dispose() => buffer.Dispose();
}
