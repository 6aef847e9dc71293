using System.Text.Json;

namespace Tidemark.Reports;

/// <summary>Values that may be missing: null then.</summary>
public static class JsonExtensions
{
    /// <summary>Writes a number, or null.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="name">The member's name.</param>
    /// <param name="value">The number.</param>
    public static void WriteOptional(this Utf8JsonWriter json, string name, double? value)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (value is { } known) json.WriteNumber(name, known);
        else json.WriteNull(name);
    }

    /// <summary>Writes a point in time, or null.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="name">The member's name.</param>
    /// <param name="value">The point in time.</param>
    public static void WriteOptional(this Utf8JsonWriter json, string name, DateTimeOffset? value)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (value is { } known) json.WriteString(name, known);
        else json.WriteNull(name);
    }
}
