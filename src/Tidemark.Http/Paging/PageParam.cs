using System.Globalization;
using System.Text.Json;

namespace Tidemark.Http.Paging;

/// <summary>A parameter of a page; GraphQL needs to know whether it is a number.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Text">The value as it stands in a query, not encoded.</param>
/// <param name="IsNumber">True if it is a number in JSON.</param>
internal readonly record struct PageParam(string Name, string Text, bool IsNumber)
{
    public static PageParam Of(string name, long value) => new(name, value.ToString(CultureInfo.InvariantCulture), IsNumber: true);

    public static PageParam Of(string name, string value) => new(name, value, IsNumber: false);

    /// <summary>From a JSON string or number as it stood in an answer.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="json">The value.</param>
    /// <exception cref="FormatException">It is neither.</exception>
    public static PageParam OfJson(string name, string json)
    {
        try
        {
            var value = JsonDocument.Parse(json).RootElement;
            return value.ValueKind switch
            {
                JsonValueKind.String => Of(name, value.GetString()!),
                JsonValueKind.Number => new PageParam(name, json, IsNumber: true),
                _ => throw new FormatException($"found {json}, expected a text or a number"),
            };
        }
        catch (JsonException e)
        {
            throw new FormatException($"found {json}, expected a text or a number in JSON", e);
        }
    }

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WritePropertyName(Name);
        if (IsNumber) writer.WriteRawValue(Text);
        else writer.WriteStringValue(Text);
    }
}
