using System.Globalization;

namespace Tidemark.Scanning;

/// <summary>A cursor value, compared as what it is: times as points in time, whatever their offset and decimals; numbers as numbers; text by code points.</summary>
public readonly struct CursorValue : IComparable<CursorValue>, IEquatable<CursorValue>
{
    private readonly decimal _number;
    private readonly string? _text;

    private CursorValue(CursorKind kind, decimal number, string? text)
    {
        Kind = kind;
        _number = number;
        _text = text;
    }

    /// <summary>What it is. Only values of one kind compare.</summary>
    public CursorKind Kind { get; }

    /// <summary>True if it stands for a point in time.</summary>
    public bool IsTime => IsTimeKind(Kind);

    /// <summary>Reads a text as a value of a kind; false if it is none.</summary>
    /// <param name="text">The text, as it stands in the record.</param>
    /// <param name="kind">What it should be.</param>
    /// <param name="value">The value.</param>
    public static bool TryParse(string text, CursorKind kind, out CursorValue value)
    {
        value = default;
        switch (kind)
        {
            case CursorKind.Text:
                value = new CursorValue(kind, 0, text);
                return true;
            case CursorKind.Time:
                if (!IsoTime.TryParse(text, out var seconds)) return false;
                value = new CursorValue(kind, seconds, null);
                return true;
            default:
                if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return false;
                value = new CursorValue(kind, number, null);
                return true;
        }
    }

    /// <summary>The value that stands for a point in time; null if the kind is none of time.</summary>
    /// <param name="time">The time.</param>
    /// <param name="kind">What it should be.</param>
    public static CursorValue? Of(DateTimeOffset time, CursorKind kind)
    {
        if (!IsTimeKind(kind)) return null;
        var seconds = (decimal)(time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerSecond;
        return new CursorValue(kind, kind == CursorKind.EpochMs ? seconds * 1000 : seconds, null);
    }

    /// <summary>The value a while earlier; only times can be moved.</summary>
    /// <param name="span">How long.</param>
    public CursorValue Earlier(TimeSpan span) => new(Kind, _number - ((decimal)span.Ticks / TimeSpan.TicksPerSecond * (Kind == CursorKind.EpochMs ? 1000 : 1)), _text);

    /// <inheritdoc/>
    public int CompareTo(CursorValue other) => Kind == CursorKind.Text ? CompareCodePoints(_text!, other._text!) : _number.CompareTo(other._number);

    /// <inheritdoc/>
    public bool Equals(CursorValue other) => Kind == other.Kind && CompareTo(other) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CursorValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Kind == CursorKind.Text ? string.GetHashCode(_text, StringComparison.Ordinal) : _number.GetHashCode();

    /// <summary>Older.</summary>
    public static bool operator <(CursorValue a, CursorValue b) => a.CompareTo(b) < 0;

    /// <summary>Newer.</summary>
    public static bool operator >(CursorValue a, CursorValue b) => a.CompareTo(b) > 0;

    /// <summary>Not newer.</summary>
    public static bool operator <=(CursorValue a, CursorValue b) => a.CompareTo(b) <= 0;

    /// <summary>Not older.</summary>
    public static bool operator >=(CursorValue a, CursorValue b) => a.CompareTo(b) >= 0;

    /// <summary>The same.</summary>
    public static bool operator ==(CursorValue a, CursorValue b) => a.Equals(b);

    /// <summary>Not the same.</summary>
    public static bool operator !=(CursorValue a, CursorValue b) => !a.Equals(b);

    private static bool IsTimeKind(CursorKind kind) => kind is CursorKind.Time or CursorKind.EpochS or CursorKind.EpochMs;

    // Ordinal comparison of UTF-16 puts characters beyond U+FFFF before U+E000; databases and APIs order by UTF-8.
    private static int CompareCodePoints(string a, string b)
    {
        var common = a.AsSpan().CommonPrefixLength(b);
        if (common == a.Length || common == b.Length) return a.Length.CompareTo(b.Length);
        int x = a[common], y = b[common];
        return (char.IsSurrogate((char)x) ? x + 0x10000 : x).CompareTo(char.IsSurrogate((char)y) ? y + 0x10000 : y);
    }
}
