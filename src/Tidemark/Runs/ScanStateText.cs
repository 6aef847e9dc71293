using System.Text.Json;
using System.Text.Json.Serialization;
using Tidemark.Scanning;

namespace Tidemark.Runs;

/// <summary>A scan's state inside other JSON, as a text in its own stored form: made when a checkpoint is written, not for each page.</summary>
internal sealed class ScanStateText : JsonConverter<ScanState>
{
    public override ScanState Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => ScanState.FromJson(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, ScanState value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToJson());
}
