using System.Globalization;
using System.Text.Json.Nodes;

namespace Tidemark.Scanning;

/// <summary>The stored form of a scan's state. It changes only together with a reader of the older form.</summary>
internal static class ScanStateJson
{
    public static string Write(ScanState state)
    {
        var json = BoundaryOf(state);
        json["first_page_max"] = state.FirstPageMax?.Text;
        json["safe"] = state.Safe?.Text;
        json["last"] = state.Last?.Text;
        json["order_broken"] = state.OrderBroken;
        json["start_bound"] = state.StartBound?.ToString("O", CultureInfo.InvariantCulture);
        json["ascending_bound"] = state.AscendingBound?.ToString("O", CultureInfo.InvariantCulture);
        json["missing"] = state.Missing;
        json["unreadable"] = state.Unreadable;
        json["future"] = state.Future;
        return json.ToJsonString();
    }

    public static string WriteBoundary(ScanState state) => BoundaryOf(state).ToJsonString();

    public static ScanState Read(string text)
    {
        var json = JsonNode.Parse(text)!.AsObject();
        var kind = KindOf(json);
        CursorPoint? Point(string key) => kind is { } known ? CursorPoint.Parse((string?)json[key], known) : null;
        DateTimeOffset? Time(string key) => (string?)json[key] is { } time ? DateTimeOffset.Parse(time, CultureInfo.InvariantCulture) : null;
        return new ScanState
        {
            Kind = kind,
            Max = Point("max"),
            FirstPageMax = Point("first_page_max"),
            Safe = Point("safe"),
            Last = Point("last"),
            Remembered = ReadRemembered(json, kind),
            OrderBroken = (bool?)json["order_broken"] ?? false,
            StartBound = Time("start_bound"),
            AscendingBound = Time("ascending_bound"),
            Missing = (long?)json["missing"] ?? 0,
            Unreadable = (long?)json["unreadable"] ?? 0,
            Future = (long?)json["future"] ?? 0,
        };
    }

    /// <summary>What <see cref="WriteBoundary"/> wrote: the kind of the cursor values, the largest one seen, the records remembered.</summary>
    public static (CursorKind? Kind, CursorPoint? Max, RememberedRecords Remembered) ReadBoundary(string? text)
    {
        if (text is null) return (null, null, new RememberedRecords());
        var json = JsonNode.Parse(text)!.AsObject();
        var kind = KindOf(json);
        return (kind, kind is { } known ? CursorPoint.Parse((string?)json["max"], known) : null, ReadRemembered(json, kind));
    }

    private static CursorKind? KindOf(JsonObject json) => (string?)json["kind"] is { } name ? Enum.Parse<CursorKind>(name) : null;

    private static JsonObject BoundaryOf(ScanState state)
    {
        var json = new JsonObject
        {
            ["kind"] = state.Kind?.ToString(),
            ["max"] = state.Max?.Text,
            ["forgotten"] = state.Remembered.Forgotten?.Text,
            ["records"] = new JsonObject(state.Remembered.Records.Select(r => KeyValuePair.Create(TextOf(r.Key), (JsonNode?)JsonValue.Create(r.Value.Text)))),
        };
        // Later than the rest of this form: what is not there is nothing.
        if (state.Remembered.Without.Count > 0) json["without"] = new JsonArray([.. state.Remembered.Without.Select(h => (JsonNode?)JsonValue.Create(TextOf(h)))]);
        if (state.Remembered.WithoutForgotten) json["without_forgotten"] = true;
        return json;
    }

    private static string TextOf(UInt128 hash) => hash.ToString("x32", CultureInfo.InvariantCulture);

    private static UInt128 HashOf(string text) => UInt128.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static RememberedRecords ReadRemembered(JsonObject json, CursorKind? kind)
    {
        CursorPoint? Point(JsonNode? text) => kind is { } known ? CursorPoint.Parse((string?)text, known) : null;
        var records = new Dictionary<UInt128, CursorPoint>();
        foreach (var (hash, cursor) in json["records"] as JsonObject ?? [])
        {
            if (Point(cursor) is { } point) records[HashOf(hash)] = point;
        }
        var without = (json["without"] as JsonArray ?? []).Select(h => HashOf((string)h!)).ToHashSet();
        return RememberedRecords.Restore(records, Point(json["forgotten"]), without, (bool?)json["without_forgotten"] ?? false);
    }
}
