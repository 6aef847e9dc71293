using System.Globalization;
using Tidemark.Records;

namespace Tidemark.Http.Signals;

/// <summary>A number at a place in a body.</summary>
internal static class BodyNumber
{
    /// <summary>The number; null if there is none.</summary>
    /// <param name="path">The place.</param>
    /// <param name="json">JSON.</param>
    /// <exception cref="System.Text.Json.JsonException">What was read up to the value is not JSON.</exception>
    public static double? At(JsonPath path, ReadOnlySpan<byte> json) =>
        double.TryParse(path.FindText(json), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
