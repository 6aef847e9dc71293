using System.Buffers.Binary;
using Tidemark.Batching;
using Tidemark.PostgreSql.Values;
using Tidemark.Records;

namespace Tidemark.PostgreSql.Writing;

/// <summary>Rows in the binary format of COPY, piece by piece: while the server works on one the next is made. In memory that is used again.</summary>
internal sealed class CopyFormat : IDisposable
{
    // Large enough that a piece costs little by itself, small enough that the server begins soon.
    private const int PieceSize = 64 * 1024;

    private readonly PooledBuffer _bytes = new(2 * PieceSize);
    private RecordBatch? _batch;
    private KeyFold _fold = null!;
    private RowLayout _layout = null!;
    private bool _withPresence;
    private short _fields;
    private int _round;
    private int _next;

    private static ReadOnlySpan<byte> Signature => [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xFF, (byte)'\r', (byte)'\n', 0];

    /// <summary>Begins with the rows of a round.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="fold">Its rows.</param>
    /// <param name="round">Which of them.</param>
    /// <param name="layout">Their columns.</param>
    /// <param name="withPresence">True if each mixed column is followed by one that tells whether the row carries it.</param>
    public void Begin(RecordBatch batch, KeyFold fold, int round, RowLayout layout, bool withPresence)
    {
        (_batch, _fold, _round, _layout, _withPresence, _next) = (batch, fold, round, layout, withPresence, 0);
        var fields = layout.Columns.Length;
        foreach (var column in layout.Columns) fields += withPresence && column.IsMixed ? 1 : 0;
        _fields = (short)fields;
    }

    /// <summary>The next piece; empty at the end. It is valid until the one after it.</summary>
    /// <exception cref="Destinations.DestinationException">A column can't hold its value.</exception>
    public ReadOnlyMemory<byte> Next()
    {
        _bytes.Truncate(0);
        if (_batch is not { } batch) return default;
        if (_next == 0)
        {
            _bytes.Write(Signature);
            // Neither flags nor an extension of the header.
            WriteInt16(0);
            WriteInt16(0);
            WriteInt16(0);
            WriteInt16(0);
        }
        var rows = _fold.Round(_round);
        for (; _next < rows.Length && _bytes.Length < PieceSize; _next++) Write(batch, rows[_next]);
        if (_next < rows.Length) return _bytes.WrittenMemory;
        WriteInt16(-1);
        _batch = null;
        return _bytes.WrittenMemory;
    }

    public void Dispose() => _bytes.Dispose();

    private void Write(RecordBatch batch, in FoldedRow row)
    {
        WriteInt16(_fields);
        var columns = _layout.Columns;
        for (var i = 0; i < columns.Length; i++)
        {
            var cell = _layout.CellOf(i, row, _fold);
            FieldEncoder.Write(_bytes, batch, cell, columns[i].Target);
            if (_withPresence && columns[i].IsMixed) FieldEncoder.WriteBoolean(_bytes, cell.IsPresent);
        }
    }

    private void WriteInt16(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(_bytes.GetSpan(sizeof(short)), value);
        _bytes.Advance(sizeof(short));
    }
}
