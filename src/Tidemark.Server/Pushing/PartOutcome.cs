using System.Text.Json;
using Tidemark.Pushing;
using Tidemark.Server.Bodies;

namespace Tidemark.Server.Pushing;

/// <summary>What became of a part of a post. It is what is kept under an idempotency key, so that a repeated post is answered as the first one was.</summary>
internal sealed record PartOutcome
{
    /// <summary>How many rejected records are told; the rest is counted.</summary>
    public const int MostItems = 1000;

    public required string BatchId { get; init; }

    public required int Received { get; init; }

    public required int Inserted { get; init; }

    public required int Updated { get; init; }

    public required int Unchanged { get; init; }

    public required int Duplicates { get; init; }

    public required int Rejected { get; init; }

    public required IReadOnlyList<RejectedItem> Items { get; init; }

    /// <summary>What the engine has answered, with what the reader of the body has passed over.</summary>
    public static PartOutcome Of(PostAnswer answer, RecordPart part, string batchId, long maxRecord) => new()
    {
        BatchId = batchId,
        Received = answer.Received,
        Inserted = answer.Inserted,
        Updated = answer.Updated,
        Unchanged = answer.Unchanged,
        Duplicates = answer.Duplicates,
        Rejected = answer.Rejected.Count,
        Items = [.. answer.Rejected.OrderBy(r => r.Index).Take(MostItems).Select(r => ItemOf(r, part, maxRecord))],
    };

    /// <summary>As it was kept.</summary>
    public static PartOutcome Read(ReadOnlyMemory<byte> stored) => JsonSerializer.Deserialize<PartOutcome>(stored.Span)!;

    /// <summary>As it is kept.</summary>
    public ReadOnlyMemory<byte> Stored() => JsonSerializer.SerializeToUtf8Bytes(this);

    private static RejectedItem ItemOf(RejectedRecord record, RecordPart part, long maxRecord)
    {
        var line = part.Lines?[record.Index];
        return part.Oversized.TryGetValue(record.Index, out var size)
            ? new RejectedItem(record.Index, line, Key: null, "record_too_large", $"found a record of {size} bytes or more, expected at most {maxRecord} (max_record_size)")
            : new RejectedItem(record.Index, line, record.Key, record.Code, record.Message);
    }
}

/// <summary>A record that was not accepted.</summary>
/// <param name="Index">Its place in the part.</param>
/// <param name="Line">Its line, of a body of lines.</param>
/// <param name="Key">Its primary key; null: it has none that can be read.</param>
/// <param name="Code">Why, for programs.</param>
/// <param name="Message">Why, for people.</param>
internal sealed record RejectedItem(int Index, long? Line, string? Key, string Code, string Message);
