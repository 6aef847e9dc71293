using Tidemark.Http.Tests.Support;
using Tidemark.Sources;

namespace Tidemark.Http.Tests.Requests;

public sealed class TemplateTests
{
    private static TemplateValues Values(string? watermark = null, string? id = null) => new()
    {
        Now = new DateTimeOffset(2026, 1, 10, 12, 0, 0, TimeSpan.Zero),
        Watermark = watermark,
        Parent = id is null ? null : new Dictionary<string, string>(StringComparer.Ordinal) { ["id"] = id },
    };

    private static async Task<Seen> SendAsync(RestRequest request, TemplateValues values, string below = "")
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("[]"));
        await using var fixture = new Fixture { Values = values };
        await fixture.ReadAsync(new RestSource { Url = new Uri(server.Address, below) }, request);
        return server.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Params_lists_repeat_and_those_without_a_value_are_left_out()
    {
        var request = new RestRequest { Params = [("tag", "a b"), ("tag", "c&d"), ("since", "{{ watermark }}"), ("now", "{{ now | format('yyyy-MM-dd') }}")] };

        (await SendAsync(request, Values())).QueryText.ShouldBe("tag=a%20b&tag=c%26d&now=2026-01-10");
        (await SendAsync(request, Values("2026+#"))).QueryText.ShouldContain("since=2026%2B%23");
    }

    [Theory]
    [InlineData("a/b?c#d", "/api/x/a%2Fb%3Fc%23d/y")]
    [InlineData("é ü", "/api/x/%C3%A9%20%C3%BC/y")]
    [InlineData("..a", "/api/x/..a/y")]
    [InlineData("@evil.test", "/api/x/%40evil.test/y")]
    public async Task Path_values_cannot_change_its_structure(string id, string target) =>
        (await SendAsync(new RestRequest { Path = "/x/{{ parent.id }}/y" }, Values(id: id), "/api/")).Target.ShouldBe(target);

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    public async Task Path_values_of_dots_are_refused(string id)
    {
        await using var fixture = new Fixture { Values = Values(id: id) };

        (await fixture.FailureAsync(new RestSource { Url = Fixture.Nowhere }, new RestRequest { Path = "/x/{{ parent.id }}/y" })).ShouldContain("dots");
    }

    [Fact]
    public async Task Path_without_its_value_is_an_error()
    {
        await using var fixture = new Fixture { Values = Values() };

        (await fixture.FailureAsync(new RestSource { Url = Fixture.Nowhere }, new RestRequest { Path = "/x/{{ parent.id }}" })).ShouldContain("needs a value");
    }

    [Fact]
    public async Task Path_stands_below_the_address_and_both_queries_are_kept() =>
        (await SendAsync(new RestRequest { Path = "c?d=1", Params = [("e", "2")] }, Values(), "/a/b/?z=0")).Target.ShouldBe("/a/b/c?z=0&d=1&e=2");

    [Theory]
    [InlineData("http://evil.test/x")]
    [InlineData("/a#b")]
    [InlineData("/a/{{ nonsense }}")]
    public void Path_that_is_none_is_refused_when_it_is_set(string path) => Should.Throw<FormatException>(() => new RestRequest { Path = path });

    [Fact]
    public async Task Body_members_without_a_value_are_left_out()
    {
        var request = new RestRequest { Method = HttpMethod.Post, Body = """{"q":{"since":"{{ watermark }}","n":1,"list":["{{ watermark }}","x"]},"ok":true,"none":null}""" };

        var seen = await SendAsync(request, Values());

        seen.Body.ShouldBe("""{"q":{"n":1,"list":["x"]},"ok":true,"none":null}""");
        seen.Header("Content-Type").ShouldBe("application/json");
        (await SendAsync(request, Values("a\"b"))).Body.ShouldContain("""{"since":"a\u0022b","n":1""");
    }

    [Fact]
    public async Task Headers_are_filled_left_out_or_refused()
    {
        var request = new RestRequest { Headers = [("x-since", "{{ watermark }}"), ("accept", "text/json")] };

        (await SendAsync(request, Values())).Header("x-since").ShouldBeNull();
        var seen = await SendAsync(request, Values("w"));
        (seen.Header("x-since"), seen.Header("accept")).ShouldBe(("w", "text/json"));
        await Should.ThrowAsync<SourceException>(() => SendAsync(request, Values("a\r\nx-evil: 1")));
    }

    [Fact]
    public async Task Variables_without_a_value_are_left_out()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("""{"data":[]}"""));
        await using var fixture = new Fixture { Values = Values() };

        await fixture.ReadAsync(new GraphQlSource { Url = server.Address }, new GraphQlRequest { Query = "{a}", Records = "data", Variables = """{"since":"{{ watermark }}","sort":["UPDATED_AT_DESC"]}""" });

        server.Requests[0].Body.ShouldBe("""{"query":"{a}","variables":{"sort":["UPDATED_AT_DESC"]}}""");
    }

    [Fact]
    public void Templates_of_a_request_are_known_to_the_engine()
    {
        var request = new RestRequest { Path = "/{{ parent.id }}", Params = [("s", "{{ watermark }}")], Body = """["{{ last_success }}"]""", Method = HttpMethod.Post };

        request.Templates.Count(t => t.IsFilter).ShouldBe(2);
        request.Templates.SelectMany(t => t.ParentFields).ShouldBe(["id"]);
    }
}
