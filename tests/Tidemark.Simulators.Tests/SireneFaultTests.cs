using System.Net;
using static Tidemark.Simulators.Tests.SireneClient;

namespace Tidemark.Simulators.Tests;

public sealed class SireneFaultTests : IAsyncLifetime
{
    private Client _client = null!;

    public async Task InitializeAsync() => _client = await Client.StartAsync("sirene", new() { Limit = 0 });

    public async Task DisposeAsync() => await _client.DisposeAsync();

    [Fact]
    public async Task Expired_cursor_stays_refused_until_its_walk_begins_anew_and_others_go_on()
    {
        var first = Next((await _client.SearchAsync("curseur=*")).Body);
        var other = Next((await _client.SearchAsync("curseur=*&nombre=10")).Body);
        await _client.FaultAsync("kind=expire_cursor");
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var (status, body) = await _client.SearchAsync("curseur=" + first);
            status.ShouldBe(HttpStatusCode.BadRequest);
            body.GetProperty("header").GetProperty("message").GetString()!.ShouldContain("expiré");
        }

        (await _client.SearchAsync("curseur=" + other)).Status.ShouldBe(HttpStatusCode.OK);
        (await _client.FollowAsync("")).Count.ShouldBe(34_969);
    }

    [Fact]
    public async Task Expiry_at_a_first_page_refuses_the_page_after_it()
    {
        await _client.FaultAsync("kind=expire_cursor");
        var (status, body) = await _client.SearchAsync("curseur=*");
        status.ShouldBe(HttpStatusCode.OK);
        (await _client.SearchAsync("curseur=" + Next(body))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Cursor_belongs_to_its_query()
    {
        var cursor = Next((await _client.SearchAsync("curseur=*&q=codePostalEtablissement:75*")).Body);
        (await _client.SearchAsync($"curseur={cursor}&q=codePostalEtablissement:69*")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Total_grows_while_paging_and_the_new_records_come_last()
    {
        await _client.FaultAsync("kind=grow&count=3&after=1");
        var (_, first) = await _client.SearchAsync("nombre=1000&curseur=*");
        var (_, second) = await _client.SearchAsync("nombre=1000&curseur=" + Next(first));
        (Total(first), Total(second)).ShouldBe((34_969, 34_970));
        (await _client.FollowAsync("")).Count.ShouldBe(34_972);
    }

    [Fact]
    public async Task Cursor_stays_exact_while_records_change()
    {
        var before = (await _client.LinesAsync("/_sim/records/siret")).ConvertAll(Siret);
        await _client.FaultAsync("kind=mutate&count=30");
        var seen = (await _client.FollowAsync("")).Select(Siret).OfType<string>().ToList();
        var after = (await _client.LinesAsync("/_sim/records/siret")).ConvertAll(Siret);
        seen.Distinct(StringComparer.Ordinal).Count().ShouldBe(seen.Count);
        before.Intersect(after, StringComparer.Ordinal).OfType<string>().Except(seen, StringComparer.Ordinal).ShouldBeEmpty();
        // A later call may have deleted what an earlier one inserted.
        after.Except(before, StringComparer.Ordinal).Count().ShouldBeInRange(25, 30);
    }

    [Fact]
    public async Task Empty_and_null_cursor_and_repeat_spoil_the_paging()
    {
        var (_, first) = await _client.SearchAsync("curseur=*");
        await _client.FaultAsync("kind=empty");
        var (_, empty) = await _client.SearchAsync("curseur=" + Next(first));
        (Seats(empty).Count(), Total(empty), Next(empty)).ShouldBe((0, 34_969, Next(first)));

        await _client.FaultAsync("kind=null_cursor");
        var (_, last) = await _client.SearchAsync("curseur=" + Next(first));
        (Seats(last).Count(), Next(last)).ShouldBe((20, null));

        await _client.FaultAsync("kind=repeat");
        var (_, repeated) = await _client.SearchAsync("curseur=*");
        repeated.GetRawText().ShouldBe((await _client.SearchAsync("curseur=" + Next(first))).Body.GetRawText());
    }

    [Theory]
    [InlineData("crm")]
    [InlineData("communes")]
    public async Task Other_apis_know_no_expiry_but_grow(string name)
    {
        await using var other = await Client.StartAsync(name);
        using var refused = await other.PostAsync("/_sim/fault?kind=expire_cursor");
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("only those of sirene");

        await other.FaultAsync("kind=grow");
        if (name == "crm")
            await other.QueryAsync("{ allUsers(first: 1) { nodes { id } } }");
        else
            await other.GetAsync("/communes/page");
        (await other.LinesAsync(name == "crm" ? "/_sim/records/users" : "/_sim/records/communes")).Count.ShouldBe(name == "crm" ? 21 : 34_970);
    }
}
