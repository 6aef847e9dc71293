using System.Text.Json.Nodes;
using Tidemark.Simulators.GraphQl;
using Tidemark.Simulators.Records;

namespace Tidemark.Simulators.Crm;

internal sealed class AppointmentKind : CrmKind
{
    /// <summary>How many of the seed begin in the last seven days or later.</summary>
    private const int RecentInSeed = 55;

    private static readonly string[] Statuses = ["TENTATIVE", "CONFIRMED", "COMPLETE", "CANCELED"];

    private static readonly int[] Durations = [60, 75, 90, 120, 180];

    public override string Name => "appointments";

    public override string Field => "allEventsBatched";

    public override string IdPrefix => "evt_";

    public override int SeedCount => 267;

    public override IReadOnlyList<string> Keys => ["updatedAt", "createdAt", "start"];

    public override ObjectType Node { get; } = new(
        "Event",
        [
            "id", "clientId", "userId", "title", "type", "status", "start", "duration", "isAllDay", "pianoIds", "feeCents", "notes",
            "createdAt", "updatedAt",
        ],
        ("address", CrmTypes.Address));

    public override IReadOnlyDictionary<string, (int Key, FilterOperation Operation)> Filters { get; } =
        new Dictionary<string, (int, FilterOperation)>(StringComparer.Ordinal)
        {
            ["startGte"] = (2, FilterOperation.AtLeast),
            ["startLt"] = (2, FilterOperation.Below),
        };

    public override JsonObject Create(Random random, CrmWorld world, CrmDraft draft)
    {
        var clientId = random.Pick(world.ClientIds);
        return new JsonObject
        {
            ["id"] = draft.Id,
            ["clientId"] = clientId,
            ["userId"] = random.Sometimes(0.9, random.Pick(world.UserIds)),
            ["title"] = random.Pick(Words.Services),
            ["type"] = random.Chance(0.9) ? "APPOINTMENT" : "PERSONAL",
            ["status"] = random.Pick(Statuses),
            ["start"] = Stamps.Text(Start(random, world, draft)),
            ["duration"] = random.Pick(Durations),
            ["isAllDay"] = random.Chance(0.03),
            ["pianoIds"] = random.Some(world.PianosOf(clientId), 2),
            ["address"] = random.Sometimes(0.9, random.Address()),
            ["feeCents"] = random.Sometimes(0.8, random.Next(60, 400) * 100),
            ["notes"] = random.Sometimes(0.35, random.Pick(Words.Remarks)),
            ["createdAt"] = Stamps.Text(draft.CreatedAt),
            ["updatedAt"] = Stamps.Text(draft.UpdatedAt),
        };
    }

    /// <summary>The start stays: a moved appointment could leave the window that it is counted in.</summary>
    public override void Touch(JsonObject record, Random random, DateTimeOffset stamp)
    {
        record["status"] = random.Other(Statuses, (string?)record["status"]);
        record["duration"] = (int)record["duration"]! + 15;
    }

    public override bool CanChange(SimulatedRecord record, DateTimeOffset now) =>
        string.CompareOrdinal(record.Key(2), Stamps.Text(now.AddDays(-7))) >= 0;

    private static DateTimeOffset Start(Random random, CrmWorld world, CrmDraft draft)
    {
        // Nothing begins between nine and six days ago, so that for a day no record leaves the window of seven days.
        var minutes = draft.Index switch
        {
            null => random.Next(24 * 60, 50 * 24 * 60),
            { } index when index >= RecentInSeed * world.Scale => -random.Next(9 * 24 * 60, 500 * 24 * 60),
            { } index when index % 2 == 0 => -random.Next(60, 6 * 24 * 60),
            _ => random.Next(60, 45 * 24 * 60),
        };
        var start = draft.Index is null ? draft.UpdatedAt : world.Start;
        var hour = new DateTimeOffset(start.Year, start.Month, start.Day, start.Hour, 0, 0, TimeSpan.Zero);
        return hour.AddMinutes(minutes - (minutes % 15));
    }
}
