using System.Globalization;
using System.Text.Json;
using Tidemark.Simulators.Hosting;

namespace Tidemark.Simulators.Tests;

public sealed class CrmDataTests
{
    [Theory]
    [InlineData("clients", 1344)]
    [InlineData("pianos", 1031)]
    [InlineData("appointments", 267)]
    [InlineData("timeline", 123)]
    [InlineData("users", 20)]
    public async Task Seed_holds_the_known_counts_with_distinct_past_stamps(string kind, int count)
    {
        await using var crm = await Client.StartAsync("crm");
        var records = await crm.LinesAsync("/_sim/records/" + kind);
        records.Count.ShouldBe(count);
        var stamps = records.ConvertAll(one => one.GetProperty("updatedAt").GetDateTimeOffset());
        stamps.Distinct().Count().ShouldBe(count);
        stamps.Max().ShouldBeLessThan(TimeProvider.System.GetUtcNow().AddMinutes(-1));
    }

    [Theory]
    [InlineData("clients")]
    [InlineData("pianos")]
    [InlineData("appointments")]
    [InlineData("timeline")]
    [InlineData("users")]
    public async Task Walking_all_pages_gives_exactly_the_truth(string kind)
    {
        await using var crm = await Client.StartAsync("crm");
        var nodes = await crm.WalkAsync(kind);
        var truth = await crm.TruthAsync(kind);
        nodes.Select(Json).ShouldBe(truth.Values);
        crm.Simulator.Calls.Total.ShouldBe((truth.Count + 99) / 100);
        crm.Simulator.Calls.ByField[CrmQueries.FieldOf(kind)].ShouldBe((truth.Count + 99) / 100);
    }

    [Fact]
    public async Task Sort_by_update_descending_gives_the_latest_first_and_all()
    {
        await using var crm = await Client.StartAsync("crm");
        var nodes = await crm.WalkAsync("clients", ", sortBy: [UPDATED_AT_DESC]");
        var stamps = nodes.ConvertAll(one => one.GetProperty("updatedAt").GetString()!);
        stamps.ShouldBe(stamps.OrderDescending(StringComparer.Ordinal));
        nodes.Count.ShouldBe(1344);
    }

    [Theory]
    [InlineData("day", 5, 2, 25, 30, 20)]
    [InlineData("quiet", 1, 0, 6, 8, 5)]
    [InlineData("busy", 4, 2, 16, 20, 12)]
    public async Task Advance_changes_exactly_the_known_numbers(string to, int clients, int pianos, int appointments, int timeline, int inserts)
    {
        await using var crm = await Client.StartAsync("crm");
        for (var round = 0; round < 3; round++)
        {
            var before = await AllAsync(crm);
            await crm.Simulator.AdvanceAsync(to);
            var after = await AllAsync(crm);

            var changes = await crm.LinesAsync("/_sim/changes");
            var counts = CrmQueries.Kinds.Select(kind => changes.Count(one => one.GetProperty("kind").GetString() == kind));
            counts.ShouldBe([clients, pianos, appointments, timeline, 0]);
            changes.Count(one => one.GetProperty("op").GetString() == "insert").ShouldBe(inserts);

            var diff = after.Where(one => !before.TryGetValue(one.Key, out var old) || old != one.Value).ToDictionary(StringComparer.Ordinal);
            changes.ToDictionary(one => one.GetProperty("record").GetProperty("id").GetString()!, one => one.GetProperty("record").GetRawText(), StringComparer.Ordinal)
                .ShouldBe(diff, ignoreOrder: true);
            changes.ShouldAllBe(one => (one.GetProperty("op").GetString() == "update") == before.ContainsKey(one.GetProperty("record").GetProperty("id").GetString()!));
            foreach (var change in changes.Where(one => one.GetProperty("op").GetString() == "update"))
            {
                var record = change.GetProperty("record");
                var old = JsonDocument.Parse(before[record.GetProperty("id").GetString()!]).RootElement;
                record.EnumerateObject()
                    .Count(one => one.Name is not ("updatedAt" or "occurredAt") && one.Value.GetRawText() != old.GetProperty(one.Name).GetRawText())
                    .ShouldBeGreaterThan(0);
            }

            var stamps = changes.ConvertAll(one => one.GetProperty("record").GetProperty("updatedAt").GetString()!);
            stamps.ShouldBe(stamps.Distinct(StringComparer.Ordinal));
            string.CompareOrdinal(stamps.Min(StringComparer.Ordinal), before.Values.Select(Updated).Max(StringComparer.Ordinal)).ShouldBeGreaterThan(0);
        }
    }

    [Fact]
    public async Task Window_of_seven_days_holds_55_appointments_and_60_after_a_day()
    {
        await using var crm = await Client.StartAsync("crm");
        var bound = TimeProvider.System.GetUtcNow().AddDays(-7).ToString("O", CultureInfo.InvariantCulture);
        (await crm.WalkAsync("appointments", $", filters: {{startGte: \"{bound}\"}}")).Count.ShouldBe(55);
        await crm.Simulator.AdvanceAsync("day");
        var recent = await crm.WalkAsync("appointments", $", filters: {{startGte: \"{bound}\"}}");
        recent.Count.ShouldBe(60);
        var changed = (await crm.LinesAsync("/_sim/changes")).Select(one => one.GetProperty("record").GetProperty("id").GetString());
        recent.Select(one => one.GetProperty("id").GetString()).Intersect(changed, StringComparer.Ordinal).Count().ShouldBe(25);
    }

    [Fact]
    public async Task Timeline_after_the_last_time_gives_exactly_the_30_of_a_day()
    {
        await using var crm = await Client.StartAsync("crm");
        var last = (await crm.LinesAsync("/_sim/records/timeline")).Max(one => one.GetProperty("occurredAt").GetDateTimeOffset());
        await crm.Simulator.AdvanceAsync("day");
        var bound = last.AddMilliseconds(1).ToString("O", CultureInfo.InvariantCulture);
        (await crm.WalkAsync("timeline", $", filters: {{occurredAtGte: \"{bound}\"}}")).Count.ShouldBe(30);
    }

    [Fact]
    public async Task Same_seed_gives_the_same_records_and_changes_and_another_seed_does_not()
    {
        var still = new Still();
        var first = await StoryAsync(new SimulatorOptions { Seed = 7, Time = still });
        (await StoryAsync(new SimulatorOptions { Seed = 7, Time = still })).ShouldBe(first);
        (await StoryAsync(new SimulatorOptions { Seed = 8, Time = still })).ShouldNotBe(first, StringComparer.Ordinal);

        static async Task<string> StoryAsync(SimulatorOptions options)
        {
            await using var crm = await Client.StartAsync("crm", options);
            await crm.Simulator.AdvanceAsync("day");
            return string.Join('\n', (await AllAsync(crm)).Values);
        }
    }

    [Fact]
    public async Task Reset_brings_the_seed_back()
    {
        await using var crm = await Client.StartAsync("crm");
        var before = await AllAsync(crm);
        await crm.Simulator.AdvanceAsync("busy");
        (await crm.PostAsync("/_sim/reset")).EnsureSuccessStatusCode();
        (await AllAsync(crm)).ShouldBe(before);
        (await crm.LinesAsync("/_sim/changes")).ShouldBeEmpty();
    }

    private static async Task<Dictionary<string, string>> AllAsync(Client crm)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var kind in CrmQueries.Kinds)
        {
            foreach (var (id, record) in await crm.TruthAsync(kind))
                all.Add(id, record);
        }

        return all;
    }

    private static string Json(JsonElement element) => element.GetRawText();

    private static string Updated(string record) => JsonDocument.Parse(record).RootElement.GetProperty("updatedAt").GetString()!;

    private sealed class Still : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);
    }
}
