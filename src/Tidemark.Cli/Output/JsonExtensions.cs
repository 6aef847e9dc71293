using System.Text.Json;

namespace Tidemark.Cli.Output;

/// <summary>Values that may be missing: null then.</summary>
internal static class JsonExtensions
{
    public static void WriteOptional(this Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } known) json.WriteNumber(name, known);
        else json.WriteNull(name);
    }

    public static void WriteOptional(this Utf8JsonWriter json, string name, DateTimeOffset? value)
    {
        if (value is { } known) json.WriteString(name, known);
        else json.WriteNull(name);
    }
}
