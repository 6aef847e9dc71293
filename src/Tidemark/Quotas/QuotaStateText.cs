using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Tidemark.Quotas;

/// <summary>The state of a quota as text: compact JSON with the number of its format. Times are kept as what they lie before the quota's clock.</summary>
internal static class QuotaStateText
{
    private const int Format = 1;

    /// <summary>Writes a state.</summary>
    public static string Of(QuotaState state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("format", Format);
            json.WriteNumber("now", state.Now);
            json.WriteNumber("offset", state.Offset);
            json.WriteNumber("next", state.NextId);
            json.WriteNumber("last", state.Now - state.LastTakenAt);
            json.WriteNumber("last_cost", state.LastCost);
            if (state.BlockedUntil > state.Now) json.WriteNumber("blocked", state.BlockedUntil - state.Now);
            if (state.Server is { } server) WriteNumbers(json, "server", server.Left, server.ResetAt - state.Now);
            if (state.Bucket is { } bucket) Write(json, bucket, state.Now);
            WriteNumbers(json, "ended", [.. state.Ended.SelectMany(e => new[] { state.Now - e.EndedAt, e.Cost })]);
            json.WriteStartArray("flying");
            foreach (var call in state.Flying)
            {
                json.WriteStartArray();
                json.WriteNumberValue(call.Id);
                json.WriteNumberValue(state.Now - call.TakenAt);
                json.WriteNumberValue(call.Longest);
                json.WriteNumberValue(call.Cost);
                json.WriteStringValue(call.Stream);
                json.WriteEndArray();
            }
            json.WriteEndArray();
            json.WriteStartArray("budgets");
            foreach (var counter in state.Budgets)
            {
                json.WriteStartArray();
                json.WriteStringValue(counter.Unit.ToString());
                json.WriteNumberValue(counter.Days);
                json.WriteStringValue(counter.TimeZone);
                json.WriteNumberValue(counter.Period);
                json.WriteNumberValue(state.Now - counter.Since);
                json.WriteNumberValue(counter.Spent);
                json.WriteEndArray();
            }
            json.WriteEndArray();
            json.WriteNumber("day", state.Day);
            json.WriteStartObject("streams");
            foreach (var (stream, spent) in state.Streams) WriteNumbers(json, stream, spent.Calls, spent.Cost);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads a state; a new one where there is no text yet.</summary>
    /// <exception cref="FormatException">A newer version has written it, or it is damaged.</exception>
    public static QuotaState Read(string? text)
    {
        if (text is null) return new QuotaState();
        int format;
        try
        {
            using var document = JsonDocument.Parse(text);
            format = document.RootElement.GetProperty("format").GetInt32();
            if (format == Format) return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException or FormatException)
        {
            throw new FormatException($"its state is damaged ({e.Message}): delete its row in the table quota_ledger of the store, and it begins anew", e);
        }
        throw new FormatException($"its state has format {format}, this version of Tidemark knows {Format}: use a newer version");
    }

    private static QuotaState Read(JsonElement json)
    {
        var now = json.GetProperty("now").GetInt64();
        var state = new QuotaState
        {
            Now = now,
            Offset = json.GetProperty("offset").GetInt64(),
            NextId = json.GetProperty("next").GetInt64(),
            LastTakenAt = now - json.GetProperty("last").GetInt64(),
            LastCost = json.GetProperty("last_cost").GetDouble(),
            BlockedUntil = json.TryGetProperty("blocked", out var blocked) ? now + blocked.GetInt64() : 0,
            Server = json.TryGetProperty("server", out var server) ? new ServerCount(server[0].GetDouble(), now + (long)server[1].GetDouble()) : null,
            Bucket = json.TryGetProperty("bucket", out var bucket) ? Bucket(bucket, now) : null,
            Day = json.GetProperty("day").GetInt64(),
        };
        var ended = json.GetProperty("ended").EnumerateArray().ToList();
        for (var i = 0; i + 1 < ended.Count; i += 2) state.Ended.Add(new EndedCalls(now - (long)ended[i].GetDouble(), ended[i + 1].GetDouble()));
        foreach (var call in json.GetProperty("flying").EnumerateArray())
            state.Flying.Add(new FlyingCall(call[0].GetInt64(), now - call[1].GetInt64(), call[2].GetInt64(), call[3].GetDouble(), call[4].GetString()!));
        foreach (var counter in json.GetProperty("budgets").EnumerateArray())
        {
            state.Budgets.Add(new BudgetCounter(Enum.Parse<BudgetUnit>(counter[0].GetString()!), counter[1].GetInt32(), counter[2].GetString()!)
            {
                Period = counter[3].GetInt64(), Since = now - counter[4].GetInt64(), Spent = counter[5].GetDouble(),
            });
        }
        foreach (var stream in json.GetProperty("streams").EnumerateObject()) state.Streams[stream.Name] = new StreamSpending((long)stream.Value[0].GetDouble(), stream.Value[1].GetDouble());
        return state;
    }

    private static BucketBalance Bucket(JsonElement json, long now) => new(json[0].GetDouble(), now - json[1].GetInt64())
    {
        Capacity = json[2].ValueKind == JsonValueKind.Null ? null : json[2].GetDouble(),
        RefillPerSecond = json[3].ValueKind == JsonValueKind.Null ? null : json[3].GetDouble(),
    };

    private static void Write(Utf8JsonWriter json, BucketBalance bucket, long now)
    {
        json.WriteStartArray("bucket");
        json.WriteNumberValue(bucket.Balance);
        json.WriteNumberValue(now - bucket.FilledAt);
        foreach (var told in new[] { bucket.Capacity, bucket.RefillPerSecond })
        {
            if (told is { } value) json.WriteNumberValue(value);
            else json.WriteNullValue();
        }
        json.WriteEndArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, params ReadOnlySpan<double> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
