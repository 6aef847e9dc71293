using Tidemark.PostgreSql.Tables;
using Tidemark.Records;

namespace Tidemark.PostgreSql.Values;

/// <summary>Values as JSON: objects and lists as they arrived, anything else in its JSON form.</summary>
internal static class JsonValues
{
    // \u001f
    private const int LongestEscape = 6;

    /// <summary>Bytes that <see cref="Write"/> may need.</summary>
    public static int LongestOf(in Cell cell) =>
        IsText(cell.Kind) ? checked((cell.Length * LongestEscape) + 2) : Math.Max(cell.Length, CellText.LongestNumber);

    /// <summary>Writes a value; how many bytes it took.</summary>
    public static int Write(Span<byte> to, RecordBatch batch, in Cell cell, PgColumn column)
    {
        if (IsText(cell.Kind)) return Quote(to, batch.Bytes(cell), column);
        var text = CellText.Of(batch, cell, to);
        if (cell.Kind == CellKind.Json && HoldsNul(text)) throw PgMisfit.Nul(column);
        if (cell.Kind is not (CellKind.Integer or CellKind.Double)) text.CopyTo(to);
        return text.Length;
    }

    /// <summary>True if JSON has the escape of U+0000 in a text or a name.</summary>
    public static bool HoldsNul(ReadOnlySpan<byte> json)
    {
        for (int at = 0, next; (next = json[at..].IndexOf("\\u0000"u8)) >= 0; at += next + 1)
        {
            // A backslash that is escaped itself begins nothing.
            var first = at + next;
            var before = first - json[..first].LastIndexOfAnyExcept((byte)'\\') - 1;
            if (before % 2 == 0) return true;
        }
        return false;
    }

    private static bool IsText(CellKind kind) => kind is CellKind.Text or CellKind.Timestamp or CellKind.Date;

    private static int Quote(Span<byte> to, ReadOnlySpan<byte> text, PgColumn column)
    {
        var length = 0;
        to[length++] = (byte)'"';
        foreach (var b in text)
        {
            switch (b)
            {
                case 0:
                    throw PgMisfit.Nul(column);
                case (byte)'"' or (byte)'\\':
                    to[length++] = (byte)'\\';
                    to[length++] = b;
                    break;
                case < 0x20:
                    "\\u00"u8.CopyTo(to[length..]);
                    to[length + 4] = (byte)('0' + (b >> 4));
                    to[length + 5] = "0123456789abcdef"u8[b & 15];
                    length += LongestEscape;
                    break;
                default:
                    to[length++] = b;
                    break;
            }
        }
        to[length++] = (byte)'"';
        return length;
    }
}
