using System.Net;
using System.Text.Json;
using Tidemark.Tests.Support;
using static Tidemark.Simulators.Tests.SireneClient;

namespace Tidemark.Simulators.Tests;

public sealed class SireneTests : IAsyncLifetime
{
    private const int Communes = 34_969;

    private Client _client = null!;

    public async Task InitializeAsync() => _client = await Client.StartAsync("sirene", new() { Scale = 2, Limit = 0 });

    public async Task DisposeAsync() => await _client.DisposeAsync();

    [Fact]
    public async Task Following_the_cursor_gives_exactly_the_truth()
    {
        var truth = await TruthAsync();
        var seats = await _client.FollowAsync("");
        seats.Count.ShouldBe(2 * Communes);
        Texts(seats).SequenceEqual(Texts(truth), StringComparer.Ordinal).ShouldBeTrue();
        _client.Simulator.Calls.Total.ShouldBe(70 + 1);
    }

    [Fact]
    public async Task Each_company_has_valid_numbers_of_its_own_except_94_communes_that_have_none()
    {
        var truth = await TruthAsync();
        var numbers = truth.Select(Siret).OfType<string>().ToList();
        numbers.Distinct(StringComparer.Ordinal).Count().ShouldBe((2 * Communes) - 94);
        numbers.ShouldAllBe(siret => siret.Length == 14 && IsLuhn(siret) && IsLuhn(siret.Substring(0, 9)));
        truth.ShouldAllBe(seat => seat.GetProperty("siren").GetString() + seat.GetProperty("nic").GetString() == (Siret(seat) ?? ""));
    }

    [Fact]
    public async Task Names_and_streets_of_some_companies_are_masked_but_of_no_commune()
    {
        var truth = await TruthAsync();
        truth.Take(Communes).ShouldAllBe(seat => !IsMasked(seat) && Name(seat).StartsWith("COMMUNE D", StringComparison.Ordinal));
        var masked = truth.Where(IsMasked).ToList();
        masked.Count.ShouldBeInRange(Communes / 25, Communes / 15);
        masked.ShouldAllBe(seat => Name(seat) == "[ND]" && Address(seat, "libelleVoieEtablissement") == "[ND]" && Address(seat, "codeCommuneEtablissement") != "[ND]");
        truth.Where(seat => !IsMasked(seat)).ShouldAllBe(seat => !seat.GetRawText().Contains("[ND]"));
    }

    [Fact]
    public async Task Slices_by_the_beginning_of_the_commune_code_hold_each_record_once()
    {
        var truth = await TruthAsync();
        var seats = new List<JsonElement>();
        foreach (var departement in truth.Select(seat => Address(seat, "codeCommuneEtablissement")[..2]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            seats.AddRange(await _client.FollowAsync($"codeCommuneEtablissement:{departement}*"));
        Texts(seats).Order(StringComparer.Ordinal).SequenceEqual(Texts(truth).Order(StringComparer.Ordinal), StringComparer.Ordinal).ShouldBeTrue();
    }

    [Fact]
    public async Task Filters_keep_what_all_their_conditions_keep()
    {
        var truth = await TruthAsync();
        var stamps = truth.Select(Treated).Order(StringComparer.Ordinal).ToList();
        var (from, to) = (stamps[10_000], stamps[50_000]);
        await ShouldKeepAsync(truth, $"dateDernierTraitementEtablissement:[{from} TO {to}]", seat => Within(seat, from, to));
        await ShouldKeepAsync(truth, "codePostalEtablissement:75*", seat => Address(seat, "codePostalEtablissement").StartsWith("75", StringComparison.Ordinal));
        await ShouldKeepAsync(truth, "codePostalEtablissement:75011", seat => Address(seat, "codePostalEtablissement") == "75011");
        await ShouldKeepAsync(
            truth,
            $"codeCommuneEtablissement:2A* AND dateDernierTraitementEtablissement:[* TO {to}]",
            seat => Address(seat, "codeCommuneEtablissement").StartsWith("2A", StringComparison.Ordinal) && Within(seat, "", to));
        // A second, and a day, mean all of it.
        await ShouldKeepAsync(truth, $"dateDernierTraitementEtablissement:[{from[..19]} TO {from[..19]}]", seat => Treated(seat)[..19] == from[..19]);
        await ShouldKeepAsync(truth, $"dateDernierTraitementEtablissement:[{from[..10]} TO {from[..10]}]", seat => Treated(seat)[..10] == from[..10]);

        static bool Within(JsonElement seat, string from, string to) =>
            string.CompareOrdinal(Treated(seat), from) >= 0 && string.CompareOrdinal(Treated(seat), to) <= 0;
    }

    [Fact]
    public async Task Offset_reaches_to_10_000_and_pages_follow_each_other()
    {
        var truth = await TruthAsync();
        var (_, body) = await _client.SearchAsync("debut=10000&nombre=2");
        Texts(Seats(body)).ShouldBe(Texts(truth.Skip(10_000).Take(2)));
        body.GetProperty("header").GetProperty("debut").GetInt32().ShouldBe(10_000);
        body.GetProperty("header").TryGetProperty("curseurSuivant", out _).ShouldBeFalse();
        Seats((await _client.SearchAsync("")).Body).Count().ShouldBe(20);
    }

    [Theory]
    [InlineData("debut=10001", HttpStatusCode.BadRequest)]
    [InlineData("debut=20&curseur=*", HttpStatusCode.BadRequest)]
    [InlineData("nombre=1001", HttpStatusCode.BadRequest)]
    [InlineData("nombre=0", HttpStatusCode.BadRequest)]
    [InlineData("curseur=abc", HttpStatusCode.BadRequest)]
    [InlineData("q=denominationUniteLegale:X", HttpStatusCode.BadRequest)]
    [InlineData("q=codePostalEtablissement:7?*", HttpStatusCode.BadRequest)]
    [InlineData("q=dateDernierTraitementEtablissement:2025-12-01", HttpStatusCode.BadRequest)]
    [InlineData("q=dateDernierTraitementEtablissement:[soon TO *]", HttpStatusCode.BadRequest)]
    [InlineData("q=codePostalEtablissement:00*", HttpStatusCode.NotFound)]
    [InlineData("q=codePostalEtablissement:00*&curseur=*", HttpStatusCode.NotFound)]
    [InlineData("q=codePostalEtablissement:97500&debut=9000", HttpStatusCode.NotFound)]
    public async Task Search_without_a_result_answers_a_header_with_its_status(string parameters, HttpStatusCode expected)
    {
        var (status, body) = await _client.SearchAsync(parameters);
        status.ShouldBe(expected);
        body.GetProperty("header").GetProperty("statut").GetInt32().ShouldBe((int)expected);
        body.GetProperty("header").GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Key_is_needed_and_any_will_do_unless_one_is_set()
    {
        (await _client.SearchAsync("", key: null)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        await using var locked = await Client.StartAsync("sirene", new() { ApiKey = "the-key" });
        (await locked.SearchAsync("", "another")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await locked.SearchAsync("", "the-key")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Thirty_calls_a_minute_are_allowed_by_default()
    {
        await using var sirene = await Client.StartAsync("sirene", new() { Time = new ManualTime() });
        for (var call = 1; call <= 30; call++)
            (await sirene.SearchAsync("nombre=1")).Status.ShouldBe(HttpStatusCode.OK);
        (await sirene.SearchAsync("nombre=1")).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        sirene.Simulator.Calls.Refused.ShouldBe(1);
    }

    [Fact]
    public async Task Advance_is_found_by_the_time_of_treatment_and_equals_the_difference_of_the_truth()
    {
        var truth = await TruthAsync();
        var last = truth.Select(Treated).Max(StringComparer.Ordinal);
        await _client.Simulator.AdvanceAsync("day");
        var changes = await _client.LinesAsync("/_sim/changes");
        changes.Count(change => change.GetProperty("op").GetString() == "insert").ShouldBe(30);
        changes.Count.ShouldBe(150);

        var changed = changes.Select(change => change.GetProperty("record").GetRawText()).ToList();
        Texts((await _client.FollowAsync($"dateDernierTraitementEtablissement:[{last} TO *]")).Where(seat => Treated(seat) != last)).ShouldBe(changed, ignoreOrder: true);
        Texts(await TruthAsync()).Except(Texts(truth), StringComparer.Ordinal).ShouldBe(changed, ignoreOrder: true);
        changes.ShouldAllBe(change => Siret(change.GetProperty("record")) != null);
    }

    [Fact]
    public async Task Reset_brings_the_seed_back()
    {
        var truth = await TruthAsync();
        await _client.Simulator.AdvanceAsync("day");
        (await _client.PostAsync("/_sim/reset")).EnsureSuccessStatusCode();
        Texts(await TruthAsync()).SequenceEqual(Texts(truth), StringComparer.Ordinal).ShouldBeTrue();
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task Same_seed_gives_the_same_companies(int seed, bool same)
    {
        var truth = await TruthAsync();
        await using var other = await Client.StartAsync("sirene", new() { Scale = 2, Seed = seed });
        var companies = (await other.LinesAsync("/_sim/records/siret")).Skip(Communes);
        companies.Select(Untimed).SequenceEqual(truth.Skip(Communes).Select(Untimed), StringComparer.Ordinal).ShouldBe(same);

        static string Untimed(JsonElement seat) => seat.GetRawText().Replace(Treated(seat), "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scale_beyond_what_numbers_suffice_for_is_refused() =>
        (await Should.ThrowAsync<ArgumentException>(() => RunningSimulator.StartAsync("sirene", new() { Scale = 1001 }, default))).Message.ShouldContain("at most 1000");

    private Task<List<JsonElement>> TruthAsync() => _client.LinesAsync("/_sim/records/siret");

    private async Task ShouldKeepAsync(List<JsonElement> truth, string q, Func<JsonElement, bool> keeps)
    {
        var expected = Texts(truth.Where(keeps)).ToList();
        expected.ShouldNotBeEmpty();
        Texts(await _client.FollowAsync(q)).SequenceEqual(expected, StringComparer.Ordinal).ShouldBeTrue(q);
    }

    private static bool IsMasked(JsonElement seat) => seat.GetProperty("statutDiffusionEtablissement").GetString() == "P";

    private static string Name(JsonElement seat) => seat.GetProperty("uniteLegale").GetProperty("denominationUniteLegale").GetString()!;

    private static IEnumerable<string> Texts(IEnumerable<JsonElement> seats) => seats.Select(seat => seat.GetRawText());

    private static bool IsLuhn(string digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var doubled = (digits[digits.Length - 1 - i] - '0') * (1 + (i % 2));
            sum += (doubled / 10) + (doubled % 10);
        }

        return sum % 10 == 0;
    }
}
