using System.Text.Json;

namespace Tidemark.Simulators.Enrichment;

/// <summary>What a review says of the company itself, found in a body of any shape.</summary>
internal sealed record ReviewedCompany(string Name, string Place)
{
    public static readonly ReviewedCompany Unknown = new("this company", "the region");

    public static ReviewedCompany Of(JsonElement body) => new(
        Find(body, IsName) ?? Unknown.Name,
        Find(body, IsPlace) ?? Unknown.Place);

    private static string? Find(JsonElement element, Predicate<string> isWanted)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return null;
        foreach (var member in element.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.String && isWanted(member.Name) && member.Value.GetString() is { Length: > 0 } text)
                return text;
            if (Find(member.Value, isWanted) is { } inner)
                return inner;
        }

        return null;
    }

    private static bool IsName(string member) => Holds(member, "denomination") || Holds(member, "name") || member is "nom";

    private static bool IsPlace(string member) =>
        (Holds(member, "commune") || Holds(member, "city") || Holds(member, "ville")) && !member.StartsWith("code", StringComparison.OrdinalIgnoreCase);

    private static bool Holds(string member, string part) => member.Contains(part, StringComparison.OrdinalIgnoreCase);
}
