using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Tidemark.Simulators.Hosting;

namespace Tidemark.Simulators.Tests;

public sealed class CommunesTests : IAsyncLifetime
{
    private Client _client = null!;

    public async Task InitializeAsync() => _client = await Client.StartAsync("communes");

    public async Task DisposeAsync() => await _client.DisposeAsync();

    [Theory]
    [InlineData("page")]
    [InlineData("offset")]
    [InlineData("bare")]
    [InlineData("cursor")]
    [InlineData("curseur")]
    [InlineData("next")]
    [InlineData("link")]
    [InlineData("all")]
    [InlineData("graphql")]
    public async Task Walking_a_style_gives_exactly_the_truth(string style)
    {
        var records = await Walk.AllAsync(_client, style, "");
        var truth = await _client.TruthAsync("communes", "code");
        truth.Count.ShouldBe(34_969);
        records.ConvertAll(one => one.GetProperty("code").GetString()!).SequenceEqual(truth.Keys, StringComparer.Ordinal).ShouldBeTrue();
        if (style != "graphql")
            records.ConvertAll(one => one.GetRawText()).SequenceEqual(truth.Values, StringComparer.Ordinal).ShouldBeTrue();
    }

    [Theory]
    [InlineData("page")]
    [InlineData("offset")]
    [InlineData("cursor")]
    [InlineData("next")]
    [InlineData("link")]
    public async Task Latest_first_since_a_time_gives_exactly_the_advance(string style)
    {
        var since = (await _client.LinesAsync("/_sim/records/communes")).Select(one => one.GetProperty("updated_at").GetString()!).Max(StringComparer.Ordinal)!;
        await _client.Simulator.AdvanceAsync("day");
        var changes = await _client.LinesAsync("/_sim/changes");
        changes.Count.ShouldBe(62);

        var records = await Walk.AllAsync(_client, style, $"&sort=updated_at.desc&updated_since={since}", size: 10);
        records.ConvertAll(one => one.GetRawText()).SkipLast(1)
            .ShouldBe(changes.AsEnumerable().Reverse().Select(one => one.GetProperty("record").GetRawText()));
    }

    [Theory]
    [InlineData("cursor")]
    [InlineData("curseur")]
    [InlineData("next")]
    [InlineData("link")]
    public async Task Keyset_stays_exact_while_records_change(string style)
    {
        var before = await _client.TruthAsync("communes", "code");
        await _client.FaultAsync("kind=mutate&count=1000");
        var seen = (await Walk.AllAsync(_client, style, "")).ConvertAll(one => one.GetProperty("code").GetString()!);
        var after = await _client.TruthAsync("communes", "code");
        seen.Distinct(StringComparer.Ordinal).Count().ShouldBe(seen.Count);
        before.Keys.Intersect(after.Keys, StringComparer.Ordinal).Except(seen, StringComparer.Ordinal).ShouldBeEmpty();
        after.Keys.Except(before.Keys, StringComparer.Ordinal).ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("quiet", 15)]
    [InlineData("busy", 42)]
    public async Task Advance_equals_the_difference_of_the_truth(string to, int count)
    {
        var before = await _client.TruthAsync("communes", "code");
        await _client.Simulator.AdvanceAsync(to);
        var after = await _client.TruthAsync("communes", "code");
        var changes = await _client.LinesAsync("/_sim/changes");
        changes.Count.ShouldBe(count);
        after.Where(one => before[one.Key] != one.Value).Select(one => one.Value)
            .ShouldBe(changes.Select(one => one.GetProperty("record").GetRawText()), ignoreOrder: true);
    }

    [Fact]
    public async Task Endless_repeats_its_last_page_and_loop_leads_to_itself()
    {
        var last = await _client.GetAsync("/communes/endless?page=35&per_page=1000");
        var beyond = await _client.GetAsync("/communes/endless?page=99&per_page=1000");
        last.GetProperty("communes").GetArrayLength().ShouldBe(969);
        beyond.GetProperty("communes").GetRawText().ShouldBe(last.GetProperty("communes").GetRawText());

        var url = "/communes/loop?limit=10";
        for (var page = 1; page <= 3; page++)
            url = (await _client.GetAsync(url)).GetProperty("next").GetString()!;
        (await _client.GetAsync(url)).GetProperty("next").GetString().ShouldBe(url);
    }

    [Fact]
    public async Task Page_larger_than_1000_is_capped_and_a_bad_one_refused()
    {
        (await _client.GetAsync("/communes/page?per_page=5000")).GetProperty("communes").GetArrayLength().ShouldBe(1000);
        (await _client.Http.GetAsync("/communes/page?per_page=0")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await _client.Http.GetAsync("/communes/cursor?cursor=x")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Departements_lead_to_all_communes()
    {
        var sum = 0;
        foreach (var departement in (await _client.GetAsync("/departements")).EnumerateArray())
            sum += (await _client.GetAsync($"/departements/{departement.GetProperty("code").GetString()}/communes")).GetArrayLength();
        sum.ShouldBe(34_969);
        (await _client.GetAsync("/communes/page?departement=01")).GetProperty("total").GetInt32()
            .ShouldBe((await _client.GetAsync("/departements/01/communes")).GetArrayLength());
        (await _client.Http.GetAsync("/departements/xx/communes")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/secure/bearer", "Bearer demo-token")]
    [InlineData("/secure/basic", "Basic ZGVtbzpkZW1vLXNlY3JldA==")]
    [InlineData("/secure/header", null)]
    [InlineData("/secure/query", null)]
    public async Task Lock_opens_with_its_credentials_only(string path, string? authorization)
    {
        (await _client.Http.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var request = new HttpRequestMessage(HttpMethod.Get, path + "?api_key=demo-key");
        request.Headers.Add("X-Api-Key", "demo-key");
        if (authorization is not null)
            request.Headers.Authorization = AuthenticationHeaderValue.Parse(authorization);
        using var response = await _client.Http.SendAsync(request);
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetArrayLength().ShouldBe(100);
    }

    [Fact]
    public async Task OAuth_token_opens_until_it_is_expired()
    {
        using var wrong = await TokenAsync("nothing");
        wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var right = await TokenAsync("demo-secret");
        var token = JsonDocument.Parse(await right.Content.ReadAsStringAsync()).RootElement.GetProperty("access_token").GetString();
        _client.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        (await _client.Http.GetAsync("/secure/oauth2")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _client.PostAsync("/_sim/expire-tokens")).EnsureSuccessStatusCode();
        (await _client.Http.GetAsync("/secure/oauth2")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Scale_repeats_the_records_with_new_codes()
    {
        await using var twice = await Client.StartAsync("communes", new SimulatorOptions { Scale = 2 });
        (await twice.TruthAsync("communes", "code")).Count.ShouldBe(2 * 34_969);
    }

    private async Task<HttpResponseMessage> TokenAsync(string secret)
    {
        using var form = new FormUrlEncodedContent(
            [new("grant_type", "client_credentials"), new("client_id", "demo"), new("client_secret", secret)]);
        return await _client.Http.PostAsync("/oauth/token", form);
    }
}
