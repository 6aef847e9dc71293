using System.Text.Json.Nodes;
using Tidemark.Simulators.GraphQl;
using Tidemark.Simulators.Records;

namespace Tidemark.Simulators.Crm;

internal sealed class TimelineKind : CrmKind
{
    private static readonly string[] EntryTypes = ["NOTE", "CALL", "EMAIL", "SERVICE", "INVOICE"];

    private static readonly string[] Files = ["facture.pdf", "photo-mécanique.jpg", "devis-n°12.pdf"];

    public override string Name => "timeline";

    public override string Field => "allTimelineEntries";

    public override string IdPrefix => "tml_";

    public override int SeedCount => 123;

    public override IReadOnlyList<string> Keys => ["updatedAt", "createdAt", "occurredAt"];

    public override ObjectType Node { get; } = new(
        "TimelineEntry",
        [
            "id", "clientId", "pianoId", "userId", "type", "occurredAt", "summary", "comment", "isAutomated", "attachments",
            "amountCents", "createdAt", "updatedAt",
        ],
        ("conditions", CrmTypes.Conditions));

    public override IReadOnlyDictionary<string, (int Key, FilterOperation Operation)> Filters { get; } =
        new Dictionary<string, (int, FilterOperation)>(StringComparer.Ordinal) { ["occurredAtGte"] = (2, FilterOperation.AtLeast) };

    public override JsonObject Create(Random random, CrmWorld world, CrmDraft draft)
    {
        var clientId = random.Pick(world.ClientIds);
        var pianos = world.PianosOf(clientId);
        return new JsonObject
        {
            ["id"] = draft.Id,
            ["clientId"] = clientId,
            ["pianoId"] = pianos.Count == 0 ? null : random.Sometimes(0.8, random.Pick(pianos)),
            ["userId"] = random.Pick(world.UserIds),
            ["type"] = random.Pick(EntryTypes),
            // Distinct, because the stamps of the updates are.
            ["occurredAt"] = Stamps.Text(draft.UpdatedAt),
            ["summary"] = random.Pick(Words.Services),
            ["comment"] = random.Sometimes(0.5, random.Pick(Words.Remarks)),
            ["isAutomated"] = random.Chance(0.4),
            ["attachments"] = random.Some(Files, 2),
            ["conditions"] = random.Sometimes(0.5, new JsonObject
            {
                ["temperatureCelsius"] = random.Next(150, 260) / 10.0,
                ["humidityPercent"] = random.Next(25, 75),
            }),
            ["amountCents"] = random.Sometimes(0.3, random.Next(60, 400) * 100),
            ["createdAt"] = Stamps.Text(draft.CreatedAt),
            ["updatedAt"] = Stamps.Text(draft.UpdatedAt),
        };
    }

    /// <summary>The entry occurs again.</summary>
    public override void Touch(JsonObject record, Random random, DateTimeOffset stamp)
    {
        record["occurredAt"] = Stamps.Text(stamp);
        record["summary"] = random.Other(Words.Services, (string?)record["summary"]);
    }
}
