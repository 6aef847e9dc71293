using System.Runtime.InteropServices;

namespace Tidemark.Records;

/// <summary>One value of a batch, 16 bytes: the value itself, or where it lies in the batch's bytes.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct Cell
{
    private readonly long _bits;

    // Of a double, where the digits that it came with start; of others, how many bytes they are.
    private readonly int _lengthOrPlace;
    private readonly byte _digits;

    private Cell(CellKind kind, long bits, int length, byte digits = 0)
    {
        Kind = kind;
        _bits = bits;
        _lengthOrPlace = length;
        _digits = digits;
    }

    /// <summary>What it holds.</summary>
    public CellKind Kind { get; }

    /// <summary>How many bytes, of a value that lies in the batch's bytes; of a double the digits that it came with, 0 if there are none.</summary>
    public int Length => Kind == CellKind.Double ? _digits : _lengthOrPlace;

    /// <summary>Where they start in the batch's bytes.</summary>
    public int Offset => Kind == CellKind.Double ? _lengthOrPlace : (int)_bits;

    /// <summary>The value of <see cref="CellKind.Integer"/> and <see cref="CellKind.Boolean"/>.</summary>
    public long Integer => _bits;

    /// <summary>The value of <see cref="CellKind.Double"/>.</summary>
    public double Double => BitConverter.Int64BitsToDouble(_bits);

    /// <summary>True unless the record does not carry the field.</summary>
    public bool IsPresent => Kind != CellKind.Absent;

    internal static Cell Null { get; } = new(CellKind.Null, 0, 0);

    internal CellKinds Flag => Kind switch
    {
        CellKind.Absent => CellKinds.None,
        CellKind.Null => CellKinds.Null,
        CellKind.Boolean => CellKinds.Boolean,
        CellKind.Integer => _bits is >= -(1L << 53) and <= 1L << 53 ? CellKinds.Integer : CellKinds.LargeInteger,
        CellKind.Double => CellKinds.Double,
        CellKind.Decimal => CellKinds.Decimal,
        CellKind.Text => CellKinds.Text,
        CellKind.Timestamp => CellKinds.Timestamp,
        CellKind.Date => CellKinds.Date,
        _ => CellKinds.Json,
    };

    internal static Cell OfBoolean(bool value) => new(CellKind.Boolean, value ? 1 : 0, 0);

    internal static Cell OfInteger(long value) => new(CellKind.Integer, value, 0);

    internal static Cell OfDouble(double value, int digitsAt = 0, byte digits = 0) => new(CellKind.Double, BitConverter.DoubleToInt64Bits(value), digitsAt, digits);

    internal static Cell OfBytes(CellKind kind, int offset, int length) => new(kind, offset, length);
}
