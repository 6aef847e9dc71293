using System.Globalization;
using System.Text.Json;
using Tidemark.Serving;

namespace Tidemark.Server.Pushing;

/// <summary>What became of a post, summed up over its parts.</summary>
internal sealed class PostTally
{
    private readonly List<RejectedItem> _items = [];

    public string BatchId { get; private set; } = "";

    public long Received { get; private set; }

    public long Inserted { get; private set; }

    public long Updated { get; private set; }

    public long Unchanged { get; private set; }

    public long Duplicates { get; private set; }

    public long Rejected { get; private set; }

    /// <summary>True if a part was answered from what was kept.</summary>
    public bool IsReplayed { get; private set; }

    private long Omitted => Rejected - _items.Count;

    private string Status => Rejected == 0 ? "success" : "partial_success";

    public void Add(PartOutcome part, bool replayed)
    {
        if (BatchId.Length == 0) BatchId = part.BatchId;
        foreach (var item in part.Items.Take(PartOutcome.MostItems - _items.Count)) _items.Add(item with { Index = checked((int)(Received + item.Index)) });
        Received += part.Received;
        Inserted += part.Inserted;
        Updated += part.Updated;
        Unchanged += part.Unchanged;
        Duplicates += part.Duplicates;
        Rejected += part.Rejected;
        IsReplayed |= replayed;
    }

    /// <summary>Writes the usual answer, or the one that an endpoint has.</summary>
    public void Write(Utf8JsonWriter json, IReadOnlyDictionary<string, AnswerValue> answer)
    {
        json.WriteStartObject();
        if (answer.Count == 0)
        {
            json.WriteString("status", Status);
            WriteCounts(json);
            WriteItems(json, "items");
            if (Omitted > 0) json.WriteNumber("items_omitted", Omitted);
            json.WriteString("batch_id", BatchId);
        }
        foreach (var (name, value) in answer) Write(json, name, value);
        json.WriteEndObject();
    }

    /// <summary>Writes how many records became what.</summary>
    public void WriteCounts(Utf8JsonWriter json)
    {
        foreach (var name in new[] { "received", "inserted", "updated", "unchanged", "duplicates", "rejected" }) json.WriteNumber(name, Count(name));
    }

    private void Write(Utf8JsonWriter json, string name, AnswerValue value)
    {
        if (value.Text is not null) json.WriteString(name, value.Fill(n => Text(n) ?? Count(n).ToString(CultureInfo.InvariantCulture)));
        else if (value.Names is ["items"]) WriteItems(json, name);
        else if (value.Names is ["messages"]) WriteMessages(json, name);
        else if (value.Names is [var one] && Text(one) is { } text) json.WriteString(name, text);
        else json.WriteNumber(name, value.Names.Sum(Count));
    }

    private string? Text(string name) => name switch { "status" => Status, "batch_id" => BatchId, _ => null };

    private long Count(string name) => name switch
    {
        "received" => Received,
        "accepted" => Received - Rejected,
        "inserted" => Inserted,
        "updated" => Updated,
        "unchanged" => Unchanged,
        "duplicates" => Duplicates,
        "rejected" => Rejected,
        _ => Omitted,
    };

    private void WriteItems(Utf8JsonWriter json, string name)
    {
        json.WriteStartArray(name);
        foreach (var item in _items)
        {
            json.WriteStartObject();
            json.WriteNumber("index", item.Index);
            if (item.Line is { } line) json.WriteNumber("line", line);
            json.WriteString("key", item.Key);
            json.WriteString("code", item.Code);
            json.WriteString("message", item.Message);
            json.WriteBoolean("retryable", false);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void WriteMessages(Utf8JsonWriter json, string name)
    {
        json.WriteStartArray(name);
        foreach (var item in _items) json.WriteStringValue(item.Message);
        json.WriteEndArray();
    }
}
