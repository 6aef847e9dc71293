using System.Text.Json;

namespace Tidemark.Simulators.Tests;

/// <summary>Queries that select every field of every kind, in the order of the truth.</summary>
internal static class CrmQueries
{
    public static readonly string[] Kinds = ["clients", "pianos", "appointments", "timeline", "users"];

    private const string Address = "address{street postalCode city country}";

    public static string FieldOf(string kind) => kind switch
    {
        "clients" => "allClients",
        "pianos" => "allPianos",
        "appointments" => "allEventsBatched",
        "timeline" => "allTimelineEntries",
        _ => "allUsers",
    };

    public static string All(string kind, string arguments = "") =>
        $$"""
        query Page($first: Int, $after: String) {
          {{FieldOf(kind)}}(first: $first, after: $after{{arguments}}) {
            totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { {{Fields(kind)}} }
          }
        }
        """;

    public static async Task<List<JsonElement>> WalkAsync(this Client client, string kind, string arguments = "", Func<Task>? between = null)
    {
        var nodes = new List<JsonElement>();
        string? after = null;
        while (true)
        {
            var answer = await client.QueryAsync(All(kind, arguments), new { first = 100, after });
            answer.TryGetProperty("errors", out var errors).ShouldBeFalse(errors.ToString());
            var connection = answer.GetProperty("data").GetProperty(FieldOf(kind));
            nodes.AddRange(connection.GetProperty("nodes").EnumerateArray());
            var info = connection.GetProperty("pageInfo");
            if (!info.GetProperty("hasNextPage").GetBoolean())
                return nodes;
            after = info.GetProperty("endCursor").GetString();
            if (between is not null)
                await between();
        }
    }

    private static string Fields(string kind) => kind switch
    {
        "clients" => $"id firstName lastName companyName email phone status language noContact balanceCents {Address} tags notes createdAt updatedAt",
        "pianos" => "id clientId make model serialNumber type year finish isRental location{room floor} features valueCents serviceIntervalMonths lastTunedOn createdAt updatedAt",
        "appointments" => $"id clientId userId title type status start duration isAllDay pianoIds {Address} feeCents notes createdAt updatedAt",
        "timeline" => "id clientId pianoId userId type occurredAt summary comment isAutomated attachments conditions{temperatureCelsius humidityPercent} amountCents createdAt updatedAt",
        _ => $"id firstName lastName email phone role isActive languages {Address} hourlyRateCents createdAt updatedAt",
    };
}
