using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tidemark.Telemetry.Recording;

/// <summary>A point as a line of JSON.</summary>
internal static class PointJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a point and the end of its line.</summary>
    public static void WriteLine(IBufferWriter<byte> output, MetricPoint point)
    {
        using (var json = new Utf8JsonWriter(output, Options))
        {
            json.WriteStartObject();
            json.WriteString("time", point.Time.UtcDateTime);
            json.WriteString("name", point.Name);
            json.WriteString("kind", point.Kind switch { MetricKind.Counter => "counter", MetricKind.Gauge => "gauge", _ => "histogram" });
            if (point.Unit is { } unit) json.WriteString("unit", unit);
            WriteNumbers(json, point);
            json.WriteStartObject("labels");
            foreach (var (name, label) in point.Labels) json.WriteString(name, label);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        output.Write("\n"u8);
    }

    private static void WriteNumbers(Utf8JsonWriter json, MetricPoint point)
    {
        switch (point.Kind)
        {
            case MetricKind.Counter:
                json.WriteNumber("value", point.Value);
                json.WriteNumber("total", point.Total);
                break;
            case MetricKind.Gauge:
                json.WriteNumber("value", point.Value);
                break;
            default:
                json.WriteNumber("count", point.Count);
                json.WriteNumber("sum", point.Value);
                json.WriteNumber("min", point.Min);
                json.WriteNumber("max", point.Max);
                break;
        }
    }
}
