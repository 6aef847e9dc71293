using System.Text.Json.Nodes;
using Tidemark.Simulators.GraphQl;
using Tidemark.Simulators.Records;

namespace Tidemark.Simulators.Crm;

internal sealed class UserKind : CrmKind
{
    private static readonly string[] Roles = ["TECHNICIAN", "ASSISTANT", "ADMIN"];

    private static readonly string[] Languages = ["de", "en", "es", "fr", "it"];

    public override string Name => "users";

    public override string Field => "allUsers";

    public override string IdPrefix => "usr_";

    public override int SeedCount => 20;

    public override ObjectType Node { get; } = new(
        "User",
        [
            "id", "firstName", "lastName", "email", "phone", "role", "isActive", "languages", "hourlyRateCents", "createdAt",
            "updatedAt",
        ],
        ("address", CrmTypes.Address));

    public override JsonObject Create(Random random, CrmWorld world, CrmDraft draft)
    {
        if (draft.Index is not null)
            world.UserIds.Add(draft.Id);
        return new JsonObject
        {
            ["id"] = draft.Id,
            ["firstName"] = random.Pick(Words.FirstNames),
            ["lastName"] = random.Pick(Words.LastNames),
            ["email"] = $"equipe.{draft.Id[4..].ToLowerInvariant()}@exemple.fr",
            ["phone"] = random.Sometimes(0.6, random.Phone()),
            ["role"] = random.Pick(Roles),
            ["isActive"] = random.Chance(0.85),
            ["languages"] = random.Some(Languages, 3),
            ["address"] = random.Sometimes(0.5, random.Address()),
            ["hourlyRateCents"] = random.Sometimes(0.7, random.Next(30, 90) * 100),
            ["createdAt"] = Stamps.Text(draft.CreatedAt),
            ["updatedAt"] = Stamps.Text(draft.UpdatedAt),
        };
    }

    public override void Touch(JsonObject record, Random random, DateTimeOffset stamp)
    {
        record["role"] = random.Other(Roles, (string?)record["role"]);
        record["hourlyRateCents"] = ((int?)record["hourlyRateCents"] ?? 4_000) + 100;
    }
}
