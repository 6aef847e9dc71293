using System.Globalization;
using Tidemark.Records;

namespace Tidemark.PostgreSql.Sharing;

/// <summary>A column in which values are looked up: what its type makes of their text.</summary>
/// <param name="Name">Its name.</param>
/// <param name="SqlType">Its type as <c>format_type</c> writes it, without a length.</param>
internal sealed record ReferenceColumn(string Name, string SqlType)
{
    private const NumberStyles Number = NumberStyles.Float;

    /// <summary>A value as a text that the type reads; null: it can't be one of this type at all, and would be an error of the whole look.</summary>
    public string? TextOf(ScalarValue value)
    {
        var text = value.Text;
        if (text.Contains('\0', StringComparison.Ordinal)) return null;
        return SqlType switch
        {
            "bigint" => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? text : null,
            "integer" => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? text : null,
            "smallint" => short.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? text : null,
            "numeric" => decimal.TryParse(text, Number, CultureInfo.InvariantCulture, out var number) ? number.ToString(CultureInfo.InvariantCulture) : null,
            "double precision" => double.TryParse(text, Number, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : null,
            "boolean" => text is "true" or "false" ? text : null,
            "uuid" => Guid.TryParseExact(text, "D", out _) || Guid.TryParseExact(text, "N", out _) || Guid.TryParseExact(text, "B", out _) ? text : null,
            _ => text,
        };
    }

    /// <summary>A condition on a row <c>t</c>: it has the value of which <paramref name="text"/> is the text.</summary>
    public string Is(string text)
    {
        var column = $"t.{Native.PgSql.Quote(Name)}";
        return SqlType switch
        {
            "text" or "character varying" => $"{column} = {text}",
            "bigint" or "integer" or "smallint" or "numeric" or "double precision" or "boolean" or "uuid" => $"{column} = {text}::{SqlType}",
            "character" => $"{column} = {text}::bpchar",
            // Of types that we don't know, what their text says; no index serves that.
            _ => $"{column}::text = {text}",
        };
    }
}
