using System.Text.Json;
using System.Text.Json.Serialization;
using Tidemark.Scanning;

namespace Tidemark.Runs;

/// <summary>Where an incomplete scan goes on: kept in the checkpoint, in the same transaction as the rows before it.</summary>
internal sealed record ResumePoint
{
    /// <summary>The page to read next, in the source's own words; null: the first one.</summary>
    public string? Position { get; init; }

    /// <summary>How many of this page's records are done.</summary>
    public int Done { get; init; }

    /// <summary>The hash of the last record done, of this page or, where none of it is, of the page before: the source may have shifted since, or repeat itself.</summary>
    public string? LastDone { get; init; }

    /// <summary>What the scan reads.</summary>
    public RunMode Mode { get; init; }

    /// <summary>When the scan started.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>The watermark with which it started.</summary>
    public string? Watermark { get; init; }

    /// <summary>What was known of the records at this watermark.</summary>
    public string? Boundary { get; init; }

    /// <summary>The scan's own state before the page at <see cref="Position"/>.</summary>
    [JsonConverter(typeof(ScanStateText))]
    public ScanState? Scan { get; init; }

    /// <summary>How many records the scan reads in all, as the source said; null: it did not.</summary>
    public long? Total { get; init; }

    /// <summary>Records read so far.</summary>
    public long Read { get; init; }

    /// <summary>Records refused so far.</summary>
    public long Failed { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, ResumeJson.Default.ResumePoint);

    public static ResumePoint? FromJson(string? json) => json is null ? null : JsonSerializer.Deserialize(json, ResumeJson.Default.ResumePoint);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(ResumePoint))]
internal sealed partial class ResumeJson : JsonSerializerContext;
