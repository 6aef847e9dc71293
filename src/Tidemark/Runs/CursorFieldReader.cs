using System.Text.Json;
using Tidemark.Records;
using Tidemark.Scanning;

namespace Tidemark.Runs;

/// <summary>Reads the cursor value of each record of a page.</summary>
internal sealed class CursorFieldReader(JsonPath? field)
{
    public static CursorFieldReader Of(StreamDefinition stream, ScanPlan plan) =>
        new(plan.Incremental is null || stream.Incremental is null ? null : JsonPath.Parse(stream.Incremental.CursorField));

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
            return field?.FindText(record);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or not text: the batch refuses the record and says why.
            return null;
        }
    }
}
