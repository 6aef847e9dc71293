using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Tidemark.Http.Paging;
using Tidemark.Records;
using Tidemark.Sources;

namespace Tidemark.Http.Reading;

/// <summary>Notices paging that goes in circles: the same page again, or a position that was there before.</summary>
/// <param name="check">What to look at, from the paginator.</param>
/// <param name="capacity">How many positions it remembers; then it forgets all and begins again.</param>
internal sealed class PageGuard(string check, int capacity = 100_000)
{
    private readonly HashSet<long> _positions = [];
    private string? _before;

    /// <summary>Takes a page.</summary>
    /// <param name="sent">Its request.</param>
    /// <param name="body">Its bytes.</param>
    /// <param name="records">Its records.</param>
    /// <exception cref="SourceException">It is the page before.</exception>
    public void Page(PageRequest sent, ReadOnlySpan<byte> body, IReadOnlyList<RecordSlice> records)
    {
        Remember(sent.Position);
        // The records count, not what stands around them: an envelope with a time in it would hide that they are the same.
        var print = records.Count == 0 ? null : RecordPrint.Of(body[records[0].Offset..(records[^1].Offset + records[^1].Length)]);
        if (print is not null && string.Equals(print, _before, StringComparison.Ordinal))
            throw new SourceException($"the source sent the same page again for {sent}{Hint}");
        _before = print;
    }

    /// <summary>Takes the request for the next page.</summary>
    /// <param name="next">The request.</param>
    /// <exception cref="SourceException">Its position was there before.</exception>
    public void Next(PageRequest next)
    {
        if (_positions.Contains(Print(next.Position)))
            throw new SourceException($"the source leads back to {next}, where the reading was already: it would never end{Hint}");
    }

    /// <summary>Forgets everything, when the reading goes back on purpose.</summary>
    public void Forget()
    {
        _positions.Clear();
        _before = null;
    }

    /// <summary>The page before is asked for once more, on purpose.</summary>
    public void ExpectAgain() => _before = null;

    private string Hint => check.Length > 0 ? $"; {check}" : "";

    private void Remember(string position)
    {
        if (_positions.Count >= capacity) _positions.Clear();
        _positions.Add(Print(position));
    }

    private static long Print(string position) => BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(position)));
}
