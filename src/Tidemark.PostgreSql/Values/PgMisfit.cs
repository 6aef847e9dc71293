using System.Text;
using Tidemark.Destinations;
using Tidemark.PostgreSql.Tables;
using Tidemark.Records;

namespace Tidemark.PostgreSql.Values;

/// <summary>Errors of values that their column can't hold.</summary>
internal static class PgMisfit
{
    private const int Shown = 40;

    /// <summary>The error of a value of another type.</summary>
    public static DestinationException Of(RecordBatch batch, in Cell cell, PgColumn column, string expected)
    {
        Span<byte> space = stackalloc byte[CellText.LongestNumber];
        var text = Encoding.UTF8.GetString(CellText.Of(batch, cell, space));
        var found = text.Length <= Shown ? text : string.Concat(text.AsSpan(0, Shown), "…");
        return new DestinationException(DestinationFault.Record, $"found '{found}' in '{column.Name}', a column of the type {column.SqlType}: expected {expected}");
    }

    /// <summary>The error of a text that PostgreSQL can't keep.</summary>
    public static DestinationException Nul(PgColumn column) =>
        new(DestinationFault.Record, $"PostgreSQL can't keep the character NUL (U+0000) in text: found in '{column.Name}'");
}
