using System.Text.Json;
using Tidemark.Records;
using Tidemark.Scanning;

namespace Tidemark.Runs;

/// <summary>Reads the cursor value of each record of a page.</summary>
/// <param name="field">Where it is; null: nowhere.</param>
/// <param name="nested">Where else it may be, as the field may be named as its column is.</param>
internal sealed class CursorFieldReader(JsonPath? field, JsonPath? nested = null)
{
    public static CursorFieldReader Of(StreamDefinition stream, ScanPlan plan)
    {
        if (plan.Incremental is null || stream.Incremental is not { CursorField: var field }) return new CursorFieldReader(field: null);
        var isFlattened = stream.Nested == NestedValues.Flatten && field.Contains("__", StringComparison.Ordinal);
        return new CursorFieldReader(JsonPath.Parse(field), isFlattened ? JsonPath.Parse(string.Concat(field.Split("__").Select(n => $"['{n}']"))) : null);
    }

    public string?[] Read(Page page)
    {
        var cursors = new string?[page.Records.Count];
        if (field is null) return cursors;
        for (var i = 0; i < cursors.Length; i++) cursors[i] = Read(page.Record(i));
        return cursors;
    }

    public string? Read(ReadOnlySpan<byte> record)
    {
        try
        {
            return field?.FindText(record) ?? nested?.FindText(record);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or not text: the batch refuses the record and says why.
            return null;
        }
    }
}
