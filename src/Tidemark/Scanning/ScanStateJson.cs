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

    private static JsonObject BoundaryOf(ScanState state) => new()
    {
        ["kind"] = state.Kind?.ToString(),
        ["max"] = state.Max?.Text,
        ["forgotten"] = state.Remembered.Forgotten?.Text,
        ["records"] = new JsonObject(state.Remembered.Records.Select(r =>
            KeyValuePair.Create(r.Key.ToString("x32", CultureInfo.InvariantCulture), (JsonNode?)JsonValue.Create(r.Value.Text)))),
    };

    private static RememberedRecords ReadRemembered(JsonObject json, CursorKind? kind)
    {
        var records = new Dictionary<UInt128, CursorPoint>();
        if (kind is not { } known) return new RememberedRecords();
        foreach (var (hash, cursor) in json["records"] as JsonObject ?? [])
        {
            if (CursorPoint.Parse((string?)cursor, known) is { } point)
                records[UInt128.Parse(hash, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)] = point;
        }
        return RememberedRecords.Restore(records, CursorPoint.Parse((string?)json["forgotten"], known));
    }
}
