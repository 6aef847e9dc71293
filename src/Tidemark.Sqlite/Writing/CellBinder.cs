using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Tidemark.Destinations;
using Tidemark.Records;
using Tidemark.Sqlite.Native;
using Tidemark.Sqlite.Tables;

namespace Tidemark.Sqlite.Writing;

/// <summary>Binds the values of a batch as their columns store them. No string is made, except for what is rare.</summary>
internal static class CellBinder
{
    /// <summary>Binds one value.</summary>
    /// <returns>The result code.</returns>
    public static int Bind(Statement statement, int index, RecordBatch batch, in Cell cell, TableColumn column)
    {
        switch (cell.Kind)
        {
            case CellKind.Absent:
            case CellKind.Null:
                return statement.BindNull(index);
            case CellKind.Boolean or CellKind.Integer or CellKind.Double when HoldsText(column):
                Span<byte> space = stackalloc byte[CellText.LongestNumber];
                return statement.BindText(index, CellText.Of(batch, cell, space));
            case CellKind.Boolean or CellKind.Integer:
                return statement.Bind(index, cell.Integer);
            case CellKind.Double:
                return statement.Bind(index, cell.Double);
            case CellKind.Text:
            case CellKind.Timestamp:
            case CellKind.Date:
                return BindText(statement, index, batch.Bytes(cell), column);
            default:
                return statement.BindText(index, batch.Bytes(cell));
        }
    }

    /// <summary>True if a text starts like an ISO date: no affinity takes it for a number.</summary>
    public static bool LooksLikeTime(ReadOnlySpan<byte> text) =>
        text.Length >= 5 && char.IsAsciiDigit((char)text[0]) && char.IsAsciiDigit((char)text[1]) && char.IsAsciiDigit((char)text[2]) && char.IsAsciiDigit((char)text[3]) && text[4] == '-';

    private static bool HoldsText(TableColumn column) => column.Type is ColumnType.Text or ColumnType.Json;

    private static int BindText(Statement statement, int index, ReadOnlySpan<byte> text, TableColumn column)
    {
        switch (column.Type)
        {
            case ColumnType.Bytes:
                return BindBase64(statement, index, text);
            case ColumnType.Json:
                return statement.BindText(index, Encoding.UTF8.GetBytes(Quoted(text)));
            default:
                return statement.BindText(index, text);
        }
    }

    private static string Quoted(ReadOnlySpan<byte> text)
    {
        var json = new ArrayBufferWriter<byte>(text.Length + 2);
        using (var writer = new Utf8JsonWriter(json, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) writer.WriteStringValue(text);
        return Encoding.UTF8.GetString(json.WrittenSpan);
    }

    private static int BindBase64(Statement statement, int index, ReadOnlySpan<byte> text)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Base64.GetMaxDecodedFromUtf8Length(text.Length));
        try
        {
            return Base64.DecodeFromUtf8(text, bytes, out _, out var written) == OperationStatus.Done
                ? statement.BindBlob(index, bytes.AsSpan(0, written))
                : throw new DestinationException(DestinationFault.Record, "found a text that is not base64 in a column of bytes");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
