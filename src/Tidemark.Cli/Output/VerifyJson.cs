using System.Text.Json;
using Tidemark.Destinations;

namespace Tidemark.Cli.Output;

/// <summary>Tables beside their declarations, for programs.</summary>
internal static class VerifyJson
{
    public static void Write(Utf8JsonWriter json, IReadOnlyCollection<Verified> results)
    {
        json.WriteStartObject();
        json.WriteBoolean("ok", results.All(r => r.Error is null && r.Differences.Count == 0));
        json.WriteStartArray("streams");
        foreach (var result in results) Write(json, result);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Verified result)
    {
        json.WriteStartObject();
        json.WriteString("stream", result.Target.Stream);
        if (result.Error is not null) json.WriteString("error", result.Error);
        if (result.Table is { } table) Write(json, table);
        else json.WriteNull("table");
        json.WriteStartArray("differences");
        foreach (var difference in result.Differences)
        {
            json.WriteStartObject();
            json.WriteString("kind", JsonNamingPolicy.SnakeCaseLower.ConvertName(difference.Kind.ToString()));
            json.WriteString("subject", difference.Subject);
            json.WriteString("expected", difference.Expected);
            json.WriteString("found", difference.Found);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, TableDescription table)
    {
        json.WriteStartObject("table");
        json.WriteString("name", table.Table);
        json.WriteNumber("rows", table.Rows);
        json.WriteStartArray("columns");
        foreach (var column in table.Columns)
        {
            json.WriteStartObject();
            json.WriteString("name", column.Name);
            json.WriteString("type", column.SqlType);
            json.WriteBoolean("nullable", column.Nullable);
            json.WriteString("field", column.Field);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        Write(json, "primary_key", table.PrimaryKey);
        json.WriteStartArray("indexes");
        foreach (var index in table.Indexes)
        {
            json.WriteStartObject();
            json.WriteString("name", index.Name);
            Write(json, "columns", index.Columns);
            json.WriteBoolean("unique", index.Unique);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
