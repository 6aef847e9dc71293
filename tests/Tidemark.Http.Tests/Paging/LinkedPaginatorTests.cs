using Tidemark.Http.Paging;
using Tidemark.Sources;

namespace Tidemark.Http.Tests.Paging;

public sealed class LinkedPaginatorTests
{
    [Fact]
    public void Cursor_start_sends_the_initial_one_only_if_given()
    {
        new CursorPaginator { CursorPath = "next" }.First(null).Query().ShouldBe("");
        new CursorPaginator { CursorPath = "next", CursorParam = "curseur", Initial = "*", PageSize = 5, PageSizeParam = "nombre" }.First(null).Query().ShouldBe("curseur=*&nombre=5");
    }

    [Theory]
    [InlineData("""{"next":"b"}""", "cursor=b")]
    [InlineData("""{"next":17}""", "cursor=17")]
    [InlineData("""{"next":""}""", null)]
    [InlineData("""{"next":null}""", null)]
    [InlineData("""{"next":false}""", null)]
    [InlineData("""{}""", null)]
    [InlineData("""{"next":"a"}""", null)] // the same as sent
    public void Cursor_follows_until_there_is_none_or_the_same(string body, string? query)
    {
        var paginator = new CursorPaginator { CursorPath = "next" };

        paginator.After(paginator.First("\"a\""), 1, body).Request?.Query().ShouldBe(query);
    }

    [Fact]
    public void Cursor_same_as_the_initial_one_ends()
    {
        var paginator = new CursorPaginator { CursorPath = "next", Initial = "*" };

        paginator.After(paginator.First(null), 1, """{"next":"*"}""").Request.ShouldBeNull();
    }

    [Fact]
    public void Cursor_number_stays_a_number_in_its_position()
    {
        var paginator = new CursorPaginator { CursorPath = "next" };
        var next = paginator.After(paginator.First(null), 1, """{"next":17}""").Request!;

        paginator.First(next.Position).Params.ShouldBe([new PageParam("cursor", "17", IsNumber: true)]);
    }

    [Fact]
    public void Cursor_object_is_an_error_that_says_so()
    {
        var paginator = new CursorPaginator { CursorPath = "next" };

        Should.Throw<SourceException>(() => paginator.After(paginator.First(null), 1, """{"next":{"id":1}}""")).Message.ShouldContain("an object at 'next'");
    }

    [Theory]
    [InlineData("http://api.test/items?c=2", "http://api.test/items?c=2")]
    [InlineData("/items?c=2", "http://api.test/items?c=2")]
    [InlineData("?c=2", "http://api.test/items?c=2")]
    public void NextUrl_link_is_resolved_against_the_answer(string link, string expected)
    {
        var paginator = new NextUrlPaginator { NextUrlPath = "links.next" };

        var next = paginator.After(paginator.First(null), 1, $$$"""{"links":{"next":"{{{link}}}"}}""").Request!;

        next.Url!.AbsoluteUri.ShouldBe(expected);
        paginator.First(next.Position).Url.ShouldBe(next.Url);
    }

    [Fact]
    public void NextUrl_without_a_link_ends()
    {
        var paginator = new NextUrlPaginator { NextUrlPath = "next" };

        paginator.After(paginator.First(null), 1, """{"next":null}""").Request.ShouldBeNull();
        Should.Throw<SourceException>(() => paginator.After(paginator.First(null), 1, """{"next":"ftp://x/"}""")).Message.ShouldContain("ftp://x/");
    }

    [Theory]
    [InlineData("<http://a/?p=2>; rel=\"next\"", "http://a/?p=2")]
    [InlineData("<http://a/?p=1,2>; rel=prev, <http://a/?p=3>; title=\"a, b\"; rel=\"last next\"", "http://a/?p=3")]
    [InlineData("<http://a/?p=3>; REL=Next", "http://a/?p=3")]
    [InlineData("<http://a/>; rel=\"prev\"", null)]
    [InlineData("nonsense", null)]
    [InlineData(null, null)]
    public void LinkHeader_relation_is_found(string? header, string? target) => LinkHeader.Find(header, "next").ShouldBe(target);

    [Fact]
    public void LinkHeader_follows_its_key_and_ends_without_it()
    {
        var paginator = new LinkHeaderPaginator { LinksNextKey = "more" };

        paginator.After(paginator.First(null), 1, link: "</items?p=2>; rel=more").Request!.Url!.AbsoluteUri.ShouldBe("http://api.test/items?p=2");
        paginator.After(paginator.First(null), 1, link: "</items?p=2>; rel=next").Request.ShouldBeNull();
    }

    [Theory]
    [InlineData("data.allClients.edges[*].node")]
    [InlineData("data.allClients.nodes")]
    public void Relay_finds_the_page_info_beside_the_records(string records)
    {
        var paginator = new RelayPaginator { PageSize = 100 };
        paginator.First(null).Query().ShouldBe("first=100");

        var next = paginator.After(paginator.First(null), 1, """{"data":{"allClients":{"pageInfo":{"hasNextPage":true,"endCursor":"c1"}}}}""", records: records).Request!;

        next.Query().ShouldBe("first=100&after=c1");
        paginator.First(next.Position).Query().ShouldBe(next.Query());
    }

    [Fact]
    public void Relay_ends_when_there_is_no_next_page() =>
        new RelayPaginator { PageInfoPath = "info" }.After(new PageRequest(""), 1, """{"info":{"hasNextPage":false,"endCursor":"c"}}""").Request.ShouldBeNull();

    [Theory]
    [InlineData("{}", "pageInfo")]
    [InlineData("""{"pageInfo":{"hasNextPage":true}}""", "endCursor")]
    [InlineData("""{"pageInfo":{}}""", "hasNextPage")]
    public void Relay_without_its_page_info_is_an_error_that_says_what_to_ask_for(string body, string named) =>
        Should.Throw<SourceException>(() => new RelayPaginator().After(new PageRequest(""), 1, body)).Message.ShouldContain(named);

    [Fact]
    public void SinglePage_ends_after_one() => new SinglePagePaginator().After(new PageRequest(""), 1).Request.ShouldBeNull();

    [Fact]
    public void StopAfterEmptyPage_false_goes_on_while_the_server_says_more()
    {
        const string body = """{"next":"b"}""";
        var paginator = new CursorPaginator { CursorPath = "next" };

        paginator.After(paginator.First(null), 0, body).Request.ShouldBeNull();
        (paginator with { StopAfterEmptyPage = false }).After(paginator.First(null), 0, body).Request.ShouldNotBeNull();
    }
}
