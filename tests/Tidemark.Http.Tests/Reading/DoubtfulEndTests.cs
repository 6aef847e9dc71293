using Tidemark.Http.Tests.Support;
using Tidemark.Sources;
using Tidemark.Telemetry;

namespace Tidemark.Http.Tests.Reading;

/// <summary>Pages that can't be the last ones, by the source's own words: asked for again, and an error where they stay so.</summary>
[Trait("guarantee", "G101")]
public sealed class DoubtfulEndTests
{
    private const string Empty = """{"total":5,"items":[],"next":null}""";

    private static readonly PageNumberPaginator Numbered = new() { TotalPath = "total" };
    private static readonly OffsetPaginator Offset = new() { TotalPath = "total", PageSize = 2, Overlap = false };
    private static readonly CursorPaginator Cursor = new() { CursorPath = "next", TotalPath = "total" };

    public static TheoryData<string> All => [nameof(Numbered), nameof(Offset), nameof(Cursor)];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Page_that_is_empty_for_a_moment_is_asked_for_again(string name)
    {
        await using var server = await ScriptedServer.StartAsync(Page(1, 2), Reply.Json(Empty), Reply.Json(Empty), Page(3, 4), Page(5));
        await using var fixture = new Fixture();

        (await fixture.ReadAsync(new RestSource { Url = server.Address }, Request(name))).SelectMany(p => p.Records).ShouldBe(["1", "2", "3", "4", "5"]);

        (fixture.Counters[Counter.Retries], fixture.Counters[Counter.Pages], fixture.Counters[Counter.Requests]).ShouldBe((2, 3, 5));
        fixture.Time.Waits.ShouldBe([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)]);
        server.Requests[1].Target.ShouldBe(server.Requests[3].Target);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Page_that_stays_empty_before_the_total_is_an_error(string name)
    {
        await using var server = await ScriptedServer.StartAsync(Page(1, 2), Reply.Json(Empty));
        await using var fixture = new Fixture();

        var error = await Should.ThrowAsync<SourceException>(() => fixture.ReadAsync(new RestSource { Url = server.Address, Retry = new RetryDefinition { Attempts = 3 } }, Request(name)));

        error.Message.ShouldMatch("^the source says that there are 5 records in all, and sent none for .*(page=2|offset=2|cursor=3).*, after 2; if its total .* leave out total_path \\(asked 3 times\\)$");
        error.IsTemporary.ShouldBeTrue();
        server.Requests.Count.ShouldBe(4);
    }

    [Theory]
    [InlineData(nameof(Numbered), "2")]
    [InlineData(nameof(Offset), "2")]
    public async Task Place_that_a_resumed_reading_begins_at_tells_what_lies_before(string name, string position)
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json(Empty));
        await using var fixture = new Fixture();
        var request = Request(name) with { Paginator = name == nameof(Numbered) ? Numbered with { PageSize = 2 } : Offset };

        (await fixture.FailureAsync(new RestSource { Url = server.Address, Retry = new RetryDefinition { Attempts = 1 } }, request, position)).ShouldContain("after 2;");
    }

    [Fact]
    public async Task Cursor_that_is_missing_before_the_total_is_an_error_and_the_page_is_not_taken_for_a_repeated_one()
    {
        await using var server = await ScriptedServer.StartAsync(Page(1, 2), Reply.Json("""{"total":5,"items":[3,4],"next":null}"""));
        await using var fixture = new Fixture();

        (await fixture.FailureAsync(new RestSource { Url = server.Address, Retry = new RetryDefinition { Attempts = 2 } }, Request(nameof(Cursor)))).ShouldContain("the paging ended with cursor=3, after 4;");
    }

    [Fact]
    public async Task Cursor_reading_that_was_resumed_does_not_know_how_many_were_before()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("""{"total":5,"items":[5],"next":null}"""));
        await using var fixture = new Fixture();

        (await fixture.ReadAsync(new RestSource { Url = server.Address }, Request(nameof(Cursor)), resumeFrom: "5")).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(7, 4)]
    [InlineData(4, 7)]
    public async Task Total_that_moves_while_pages_are_read_is_no_error(int first, int last)
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json($$"""{"total":{{first}},"items":[1,2],"next":3}"""), Reply.Json($$"""{"total":{{last}},"items":[3,4],"next":null}"""));
        await using var fixture = new Fixture();

        (await fixture.ReadAsync(new RestSource { Url = server.Address }, Request(nameof(Cursor)))).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Nothing_at_all_and_a_total_of_0_is_an_empty_page()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("""{"total":0,"items":[],"next":null}"""));
        foreach (var name in (string[])[nameof(Numbered), nameof(Offset), nameof(Cursor)])
        {
            await using var fixture = new Fixture();
            (await fixture.ReadAsync(new RestSource { Url = server.Address }, Request(name))).ShouldHaveSingleItem().Records.ShouldBeEmpty();
        }
        server.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Empty_body_of_a_page_that_was_announced_is_asked_for_again_and_204_is_the_end()
    {
        var request = new RestRequest { Records = "items", Paginator = new CursorPaginator { CursorPath = "next" } };
        await using var server = await ScriptedServer.StartAsync(Page(1, 2), Reply.Of(200, ""), Page(3, 4), Reply.Of(204, ""));
        await using var fixture = new Fixture();
        (await fixture.ReadAsync(new RestSource { Url = server.Address }, request)).SelectMany(p => p.Records).ShouldBe(["1", "2", "3", "4"]);

        server.Answer = seen => seen.Query("cursor") is null ? Page(1, 2) : Reply.Of(200, "");
        await using var another = new Fixture();
        (await another.FailureAsync(new RestSource { Url = server.Address }, request)).ShouldBe("the source answered 200 with an empty body for cursor=3, a page that it said is there (asked 5 times)");
    }

    private static Reply Page(params int[] items) => Reply.Json($$"""{"total":5,"items":[{{string.Join(',', items)}}],"next":{{(items[^1] < 5 ? $"{items[^1] + 1}" : "null")}}}""");

    private static RestRequest Request(string name) => new()
    {
        Records = "items",
        Paginator = name switch { nameof(Numbered) => Numbered, nameof(Offset) => Offset, _ => Cursor },
    };
}
