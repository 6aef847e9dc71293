using System.Globalization;
using System.Text.Json.Nodes;
using Tidemark.Simulators.GraphQl;
using Tidemark.Simulators.Records;

namespace Tidemark.Simulators.Crm;

internal sealed class PianoKind : CrmKind
{
    private static readonly string[] Rooms = ["salon", "scène", "salle de répétition", "véranda", "grenier"];

    private static readonly string[] Features = ["pédale tonale", "Silent", "humidificateur", "ivoire", "cadre bois"];

    private static readonly string[] Finishes = ["noir brillant", "acajou", "noyer", "merisier", "blanc laqué"];

    public override string Name => "pianos";

    public override string Field => "allPianos";

    public override string IdPrefix => "pia_";

    public override int SeedCount => 1031;

    public override ObjectType Node { get; } = new(
        "Piano",
        [
            "id", "clientId", "make", "model", "serialNumber", "type", "year", "finish", "isRental", "features", "valueCents",
            "serviceIntervalMonths", "lastTunedOn", "createdAt", "updatedAt",
        ],
        ("location", CrmTypes.PianoLocation));

    public override IReadOnlyDictionary<string, (int Key, FilterOperation Operation)> Filters { get; } =
        new Dictionary<string, (int, FilterOperation)>(StringComparer.Ordinal) { ["updatedAtGte"] = (0, FilterOperation.AtLeast) };

    public override JsonObject Create(Random random, CrmWorld world, CrmDraft draft)
    {
        var clientId = random.Pick(world.ClientIds);
        if (draft.Index is not null)
            world.AddPiano(clientId, draft.Id);
        return new JsonObject
        {
            ["id"] = draft.Id,
            ["clientId"] = clientId,
            ["make"] = random.Pick(Words.Makes),
            ["model"] = random.Sometimes(0.7, string.Create(CultureInfo.InvariantCulture, $"{(char)random.Next('A', 'Z' + 1)}{random.Next(1, 400)}")),
            ["serialNumber"] = random.Sometimes(0.6, random.Next(1_000, 900_000).ToString(CultureInfo.InvariantCulture)),
            ["type"] = random.Chance(0.3) ? "GRAND" : "UPRIGHT",
            ["year"] = random.Sometimes(0.75, random.Next(1830, 2026)),
            ["finish"] = random.Pick(Finishes),
            ["isRental"] = random.Chance(0.08),
            ["location"] = random.Sometimes(0.8, new JsonObject { ["room"] = random.Pick(Rooms), ["floor"] = random.Next(-1, 7) }),
            ["features"] = random.Some(Features, 2),
            ["valueCents"] = random.Sometimes(0.4, random.Next(50_000, 9_000_000)),
            ["serviceIntervalMonths"] = random.Pick([3, 6, 12, 24]),
            ["lastTunedOn"] = random.Sometimes(0.8, Day(world.Start.AddDays(-random.Next(1, 900)))),
            ["createdAt"] = Stamps.Text(draft.CreatedAt),
            ["updatedAt"] = Stamps.Text(draft.UpdatedAt),
        };
    }

    public override void Touch(JsonObject record, Random random, DateTimeOffset stamp)
    {
        record["lastTunedOn"] = Day(stamp);
        record["valueCents"] = ((int?)record["valueCents"] ?? 100_000) + random.Next(1, 5_000);
    }

    private static string Day(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
