using System.Buffers.Binary;
using Tidemark.Batching;
using Tidemark.PostgreSql.Tables;
using Tidemark.PostgreSql.Values;
using Tidemark.Records;

namespace Tidemark.PostgreSql.Writing;

/// <summary>Rows in the binary format of COPY, in memory that is used again.</summary>
internal sealed class CopyFormat : IDisposable
{
    private static ReadOnlySpan<byte> Signature => [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xFF, (byte)'\r', (byte)'\n', 0];

    private readonly PooledBuffer _bytes = new();

    /// <summary>Writes rows of a round.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="fold">Its rows.</param>
    /// <param name="round">Which of them.</param>
    /// <param name="layout">Their columns.</param>
    /// <param name="withPresence">True if each mixed column is followed by one that tells whether the row carries it.</param>
    public ReadOnlyMemory<byte> Write(RecordBatch batch, KeyFold fold, int round, RowLayout layout, bool withPresence)
    {
        Begin();
        var fields = (short)(layout.Columns.Count + (withPresence ? layout.Columns.Count(c => c.IsMixed) : 0));
        foreach (ref readonly var row in fold.Round(round))
        {
            WriteInt16(fields);
            for (var i = 0; i < layout.Columns.Count; i++)
            {
                var (column, source) = (layout.Columns[i], layout.Sources[i]);
                var cell = batch.Columns[source][row.Overlay < 0 ? row.Record : fold.RecordOf(row, source)];
                FieldEncoder.Write(_bytes, batch, cell, column.Target);
                if (withPresence && column.IsMixed) FieldEncoder.WriteBoolean(_bytes, cell.IsPresent);
            }
        }
        return End();
    }

    /// <summary>Writes some columns of a round's rows.</summary>
    public ReadOnlyMemory<byte> Write(RecordBatch batch, KeyFold fold, int round, IReadOnlyList<(PgColumn Column, int Source)> columns)
    {
        Begin();
        foreach (ref readonly var row in fold.Round(round))
        {
            WriteInt16((short)columns.Count);
            foreach (var (column, source) in columns) FieldEncoder.Write(_bytes, batch, batch.Columns[source][row.Record], column);
        }
        return End();
    }

    public void Dispose() => _bytes.Dispose();

    private void Begin()
    {
        _bytes.Truncate(0);
        _bytes.Write(Signature);
        // Neither flags nor an extension of the header.
        WriteInt16(0);
        WriteInt16(0);
        WriteInt16(0);
        WriteInt16(0);
    }

    private ReadOnlyMemory<byte> End()
    {
        WriteInt16(-1);
        return _bytes.WrittenMemory;
    }

    private void WriteInt16(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(_bytes.GetSpan(sizeof(short)), value);
        _bytes.Advance(sizeof(short));
    }
}
