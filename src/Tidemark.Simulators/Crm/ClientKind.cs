using System.Text.Json.Nodes;
using Tidemark.Simulators.GraphQl;
using Tidemark.Simulators.Records;

namespace Tidemark.Simulators.Crm;

internal sealed class ClientKind : CrmKind
{
    private static readonly string[] Statuses = ["ACTIVE", "INACTIVE", "PROSPECT", "NEW"];

    public override string Name => "clients";

    public override string Field => "allClients";

    public override string IdPrefix => "cli_";

    public override int SeedCount => 1344;

    public override ObjectType Node { get; } = new(
        "Client",
        [
            "id", "firstName", "lastName", "companyName", "email", "phone", "status", "language", "noContact", "balanceCents",
            "tags", "notes", "createdAt", "updatedAt",
        ],
        ("address", CrmTypes.Address));

    public override IReadOnlyDictionary<string, (int Key, FilterOperation Operation)> Filters { get; } =
        new Dictionary<string, (int, FilterOperation)>(StringComparer.Ordinal) { ["updatedAtGte"] = (0, FilterOperation.AtLeast) };

    public override JsonObject Create(Random random, CrmWorld world, CrmDraft draft)
    {
        if (draft.Index is not null)
            world.ClientIds.Add(draft.Id);
        return new JsonObject
        {
            ["id"] = draft.Id,
            ["firstName"] = random.Pick(Words.FirstNames),
            ["lastName"] = random.Pick(Words.LastNames),
            ["companyName"] = random.Sometimes(0.15, random.Pick(Words.Companies)),
            ["email"] = random.Sometimes(0.85, $"client.{draft.Id[4..].ToLowerInvariant()}@exemple.fr"),
            ["phone"] = random.Sometimes(0.7, random.Phone()),
            ["status"] = random.Pick(Statuses),
            ["language"] = random.Chance(0.9) ? "fr" : "en",
            ["noContact"] = random.Chance(0.05),
            ["balanceCents"] = random.Chance(0.8) ? 0 : random.Next(-5_000, 45_000),
            ["address"] = random.Sometimes(0.95, random.Address()),
            ["tags"] = random.Some(Words.Tags, 3),
            ["notes"] = random.Sometimes(0.4, random.Pick(Words.Remarks)),
            ["createdAt"] = Stamps.Text(draft.CreatedAt),
            ["updatedAt"] = Stamps.Text(draft.UpdatedAt),
        };
    }

    public override void Touch(JsonObject record, Random random, DateTimeOffset stamp)
    {
        record["status"] = random.Other(Statuses, (string?)record["status"]);
        record["balanceCents"] = (int)record["balanceCents"]! + random.Next(1, 12_000);
    }
}
