using System.Globalization;
using Tidemark.Http.Tests.Support;
using Tidemark.Sources;
using Tidemark.Telemetry;

namespace Tidemark.Http.Tests.Reading;

public sealed class PagingOverHttpTests
{
    // Seven records in pages of three.
    private static Reply Numbered(Seen seen)
    {
        var page = int.Parse(seen.Query("page")!, CultureInfo.InvariantCulture);
        return Reply.Json($"[{string.Join(',', Enumerable.Range(0, 7).Skip((page - 1) * 3).Take(3))}]");
    }

    [Fact]
    public async Task Pages_are_read_to_the_end_and_counted()
    {
        await using var server = await ScriptedServer.StartAsync(Numbered);
        await using var fixture = new Fixture();

        var pages = await fixture.ReadAsync(new RestSource { Url = server.Address }, new RestRequest { Path = "/n", Paginator = new PageNumberPaginator() });

        pages.SelectMany(p => p.Records).ShouldBe(["0", "1", "2", "3", "4", "5", "6"]);
        pages.Select(p => (p.Position, p.NextPosition, p.CutShort)).ShouldBe([("1", "2", false), ("2", "3", false), ("3", null, false)]);
        pages[0].ServerTime.ShouldNotBeNull();
        (fixture.Counters[Counter.Requests], fixture.Counters[Counter.Cost], fixture.Counters[Counter.Pages], fixture.Counters[Counter.Bytes]).ShouldBe((3, 3, 3, 7 + 7 + 3));
        server.Requests[0].Header("User-Agent").ShouldStartWith("tidemark/");
    }

    [Fact]
    public async Task Resuming_begins_with_the_page_of_the_position()
    {
        await using var server = await ScriptedServer.StartAsync(Numbered);
        await using var fixture = new Fixture();

        var pages = await fixture.ReadAsync(new RestSource { Url = server.Address }, new RestRequest { Path = "/n", Paginator = new PageNumberPaginator() }, resumeFrom: "2");

        pages[0].Records.ShouldBe(["3", "4", "5"]);
        server.Requests[0].Target.ShouldBe("/n?page=2");
    }

    [Fact]
    public async Task Stopping_early_costs_no_further_call()
    {
        await using var server = await ScriptedServer.StartAsync(Numbered);
        await using var fixture = new Fixture();

        await fixture.ReadAsync(new RestSource { Url = server.Address }, new RestRequest { Paginator = new PageNumberPaginator() }, take: 1);

        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task MaxPages_cuts_short_only_where_there_is_more()
    {
        await using var server = await ScriptedServer.StartAsync(Numbered);
        await using var fixture = new Fixture();
        var source = new RestSource { Url = server.Address };

        (await fixture.ReadAsync(source, new RestRequest { Paginator = new PageNumberPaginator { MaxPages = 2 } }))[^1].CutShort.ShouldBeTrue();
        (await fixture.ReadAsync(source, new RestRequest { Paginator = new PageNumberPaginator { MaxPages = 3 } }))[^1].CutShort.ShouldBeFalse();
    }

    [Fact]
    public async Task Nothing_there_is_one_empty_page()
    {
        await using var server = await ScriptedServer.StartAsync(new Reply { Status = 204 });
        await using var fixture = new Fixture();

        var pages = await fixture.ReadAsync(new RestSource { Url = server.Address }, new RestRequest { Records = "items", Paginator = new RelayPaginator() });

        pages.ShouldHaveSingleItem().Records.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_page_again_is_an_error_that_names_the_parameter()
    {
        await using var server = await ScriptedServer.StartAsync(seen => Reply.Json($$"""{"at":{{seen.Query("page")}},"items":[1,2]}"""));
        await using var fixture = new Fixture();

        var message = await fixture.FailureAsync(new RestSource { Url = server.Address }, new RestRequest { Records = "items", Paginator = new PageNumberPaginator() });

        message.ShouldContain("same page again for page=2");
        message.ShouldContain("page_param");
    }

    [Fact]
    public async Task A_cursor_that_leads_back_is_an_error()
    {
        await using var server = await ScriptedServer.StartAsync(
            Reply.Json("""{"items":[1],"next":"a"}"""), Reply.Json("""{"items":[2],"next":"b"}"""), Reply.Json("""{"items":[3],"next":"a"}"""));
        await using var fixture = new Fixture();

        var message = await fixture.FailureAsync(new RestSource { Url = server.Address }, new RestRequest { Records = "items", Paginator = new CursorPaginator { CursorPath = "next" } });

        message.ShouldContain("leads back to cursor=a");
    }

    [Fact]
    public async Task A_position_that_the_server_refuses_is_told_apart()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(410, "gone"));
        await using var fixture = new Fixture();
        var request = new RestRequest { Paginator = new CursorPaginator { CursorPath = "next" } };

        var refused = await Should.ThrowAsync<SourceException>(() => fixture.ReadAsync(new RestSource { Url = server.Address }, request, resumeFrom: "\"old\""));
        var fresh = await Should.ThrowAsync<SourceException>(() => fixture.ReadAsync(new RestSource { Url = server.Address }, request));

        refused.PositionRefused.ShouldBeTrue();
        fresh.PositionRefused.ShouldBeFalse();
    }

    [Fact]
    public async Task A_refused_position_is_no_end_even_where_the_status_is_ignored()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(404));
        await using var fixture = new Fixture();
        var source = new RestSource { Url = server.Address, ErrorHandler = [new ErrorRule { Status = [404], Action = ErrorAction.Ignore }] };
        var request = new RestRequest { Paginator = new CursorPaginator { CursorPath = "next" } };

        (await Should.ThrowAsync<SourceException>(() => fixture.ReadAsync(source, request, resumeFrom: "\"old\""))).PositionRefused.ShouldBeTrue();
        (await fixture.ReadAsync(source, request)).ShouldHaveSingleItem().Records.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_position_of_another_paginator_counts_as_refused()
    {
        await using var fixture = new Fixture();

        var e = await Should.ThrowAsync<SourceException>(() => fixture.ReadAsync(new RestSource { Url = Fixture.Nowhere }, new RestRequest { Paginator = new PageNumberPaginator() }, resumeFrom: "x"));

        e.PositionRefused.ShouldBeTrue();
    }

    [Fact]
    public async Task GraphQl_relay_sends_variables_and_resumes_after_a_cursor()
    {
        static string Page(string id, string more) => $$$"""{"data":{"all":{"edges":[{"node":{"id":"{{{id}}}"}}],"pageInfo":{"hasNextPage":{{{more}}},"endCursor":"c{{{id}}}"} } } }""";
        await using var server = await ScriptedServer.StartAsync(seen => seen.Body.Contains("\"after\":\"c1\"", StringComparison.Ordinal) ? Reply.Json(Page("2", "false")) : Reply.Json(Page("1", "true")));
        await using var fixture = new Fixture();
        var source = new GraphQlSource { Url = server.Address };
        var request = new GraphQlRequest { Query = "query($first:Int,$after:String){all}", Records = "data.all.edges[*].node", Paginator = new RelayPaginator { PageSize = 100 } };

        var pages = await fixture.ReadAsync(source, request);
        var again = await fixture.ReadAsync(source, request, resumeFrom: pages[1].Position);

        pages.SelectMany(p => p.Records).ShouldBe(["""{"id":"1"}""", """{"id":"2"}"""]);
        again.ShouldHaveSingleItem().Records.ShouldBe(["""{"id":"2"}"""]);
        server.Requests[0].Body.ShouldBe("""{"query":"query($first:Int,$after:String){all}","variables":{"first":100}}""");
        server.Requests[1].Body.ShouldEndWith("""{"first":100,"after":"c1"}}""");
        server.Requests[0].Method.ShouldBe("POST");
    }
}
