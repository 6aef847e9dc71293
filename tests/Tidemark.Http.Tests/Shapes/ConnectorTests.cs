using Tidemark.Definitions;
using Tidemark.Http.Paging;
using Tidemark.Sources;

namespace Tidemark.Http.Tests.Shapes;

public sealed class ConnectorTests
{
    private static readonly SourceConnector Rest = HttpConnectors.All.Single(c => c.Type == "rest");
    private static readonly SourceConnector GraphQl = HttpConnectors.All.Single(c => c.Type == "graphql");

    private static Func<Nodes, ConfigNode> M(params (string Key, object Value)[] entries) => nodes => nodes.Map(entries);

    private static SourceDefinition? Source(ConfigProblems problems, params (string Key, object Value)[] entries)
    {
        var sources = new Variants<SourceDefinition>("source");
        foreach (var connector in HttpConnectors.All) connector.AddTo(sources);
        return sources.TryRead(new Nodes().Map(entries), problems, out var source) ? source : null;
    }

    private static List<string> ProblemsOf(SourceConnector connector, params (string Key, object Value)[] entries)
    {
        var problems = new ConfigProblems();
        connector.ReadStream(new Nodes().Map(entries), problems, ["table"]);
        return [.. problems.Items.Select(p => p.ToString())];
    }

    private static Paginator PaginatorOf(params (string Key, object Value)[] entries)
    {
        var problems = new ConfigProblems();
        var stream = Rest.ReadStream(new Nodes().Map(("paginator", M(entries))), problems, []);
        problems.Items.ShouldBeEmpty();
        return ((RestRequest)stream!).Paginator;
    }

    [Fact]
    public void Source_is_read_with_all_its_keys()
    {
        var problems = new ConfigProblems();

        var source = Source(problems, ("type", "graphql"), ("url", "https://api.test/graphql"), ("authenticator", M(("type", "api_key"), ("header", "x-key"), ("value", "k"))),
            ("headers", M(("accept-language", "fr"))), ("timeout", "10s"), ("retry", M(("attempts", 3), ("delay", "2s"), ("max_delay", "30s"))),
            ("error_handler", new object[] { M(("status", new object[] { 404 }), ("action", "ignore")), M(("when", "errors[0].extensions.code == 'THROTTLED'"), ("action", "rate_limited")) }),
            ("allowed_origins", new object[] { "https://cdn.test" })).ShouldBeOfType<GraphQlSource>();

        problems.Items.ShouldBeEmpty();
        source.Url.Host.ShouldBe("api.test");
        source.Authenticator.ShouldBe(new ApiKeyAuthenticator { Header = "x-key", Value = new Secret("k") });
        source.Headers["accept-language"].ShouldBe("fr");
        source.Timeout.ShouldBe(TimeSpan.FromSeconds(10));
        source.Retry.ShouldBe(new RetryDefinition { Attempts = 3, Delay = TimeSpan.FromSeconds(2), MaxDelay = TimeSpan.FromSeconds(30) });
        source.ErrorHandler.Select(r => r.Action).ShouldBe([ErrorAction.Ignore, ErrorAction.RateLimited]);
        source.AllowedOrigins.ShouldBe([new Uri("https://cdn.test")]);
        GraphQl.Owns(source).ShouldBeTrue();
        Rest.Owns(source).ShouldBeFalse();
    }

    [Fact]
    public void Source_errors_are_all_found_in_their_places()
    {
        var problems = new ConfigProblems();

        Source(problems, ("type", "rest"), ("ulr", "x"), ("timeout", "soon"), ("authenticator", M(("type", "bearer"))),
            ("retry", M(("attempts", 0))), ("error_handler", new object[] { M(("action", "ignroe")), M(("when", "x"), ("action", "fail")) })).ShouldBeNull();

        var messages = problems.Items.Select(p => p.ToString()).ToList();
        messages.ShouldContain(m => m.StartsWith("tidemark.yaml:2:1: unknown key 'ulr'; did you mean 'url'?", StringComparison.Ordinal));
        messages.ShouldContain(m => m.StartsWith("tidemark.yaml:3:10: found 'soon'", StringComparison.Ordinal));
        messages.ShouldContain(m => m.Contains("'token' is missing", StringComparison.Ordinal));
        messages.ShouldContain(m => m.Contains("from 1 to 100", StringComparison.Ordinal));
        messages.ShouldContain(m => m.Contains("found 'ignroe'", StringComparison.Ordinal));
        messages.ShouldContain(m => m.Contains("found 'x', expected a path", StringComparison.Ordinal));
        messages.ShouldContain(m => m == "tidemark.yaml:1:1: the key 'url' is missing");
    }

    [Theory]
    [InlineData("basic", "username")]
    [InlineData("oauth2_client_credentials", "token_url")]
    [InlineData("api_key", "value")]
    public void Authenticator_says_what_is_missing(string type, string key)
    {
        var problems = new ConfigProblems();

        Source(problems, ("type", "rest"), ("url", "http://a"), ("authenticator", M(("type", type))));

        problems.Items.ShouldContain(p => p.Message == $"the key '{key}' is missing");
    }

    [Fact]
    public void Rest_stream_is_read_with_its_templates()
    {
        var problems = new ConfigProblems();

        var request = Rest.ReadStream(new Nodes().Map(("table", "t"), ("records", "data.items"),
            ("request", M(("path", "/clients"), ("method", "POST"), ("params", M(("since", "{{ last_success - 7d }}"), ("tag", new object[] { "a", "b" }))),
                ("headers", M(("x-a", "1"))), ("body", M(("n", 5), ("code", "05"), ("deep", new object[] { M(("w", "{{ watermark }}")) }))))),
            ("paginator", M(("type", "page_number"), ("page_size", 100)))), problems, ["table"]).ShouldBeOfType<RestRequest>();

        problems.Items.ShouldBeEmpty();
        (request.Path, request.Records, request.Method).ShouldBe(("/clients", "data.items", HttpMethod.Post));
        request.Params.Select(p => p.Name).ShouldBe(["since", "tag", "tag"]);
        request.Paginator.ShouldBe(new PageNumberPaginator { PageSize = 100 });
        var call = request.Build(new Uri("http://a"), new TemplateValues { Now = default, Watermark = "w" }, new PageRequest(""));
        System.Text.Encoding.UTF8.GetString(call.Body!.Value.Span).ShouldBe("""{"n":5,"code":"05","deep":[{"w":"w"}]}""");
    }

    [Fact]
    public void Rest_stream_errors_stand_at_the_template()
    {
        var messages = ProblemsOf(Rest, ("request", M(("path", "/{{ nope }}"), ("params", M(("a", "{{ now + x }}"))), ("body", M(("b", "{{ request }}"))), ("cost", "much"))), ("record", "x"));

        messages.Count.ShouldBe(5);
        messages[0].ShouldStartWith("tidemark.yaml:2:10: found 'nope'");
        messages[1].ShouldStartWith("tidemark.yaml:4:10: found 'x'");
        messages[2].ShouldStartWith("tidemark.yaml:6:10: found 'request', expected request.FIELD");
        messages[3].ShouldContain("found 'much'");
        messages[4].ShouldContain("did you mean 'records'?");
    }

    [Fact]
    public void Rest_get_with_a_body_is_refused() =>
        ProblemsOf(Rest, ("request", M(("body", M(("a", 1)))))).ShouldHaveSingleItem().ShouldContain("GET request has no body");

    [Fact]
    public void GraphQl_query_comes_from_the_configuration_or_a_file_beside_it()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            File.WriteAllText(System.IO.Path.Combine(folder.FullName, "q.graphql"), "{ fromFile }");
            var problems = new ConfigProblems();
            var stream = new Nodes(System.IO.Path.Combine(folder.FullName, "tidemark.yaml")).Map(("request", M(("query_file", "q.graphql"))), ("paginator", M(("type", "relay"))));

            var request = GraphQl.ReadStream(stream, problems, []).ShouldBeOfType<GraphQlRequest>();

            var call = request.Build(new Uri("http://a"), new TemplateValues { Now = default }, new PageRequest(""));
            System.Text.Encoding.UTF8.GetString(call.Body!.Value.Span).ShouldBe("""{"query":"{ fromFile }","variables":{}}""");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void GraphQl_query_that_is_missing_doubled_or_templated_is_refused()
    {
        ProblemsOf(GraphQl, ("request", M(("query_file", "no.graphql")))).ShouldHaveSingleItem().ShouldStartWith("tidemark.yaml:2:10: found no file 'no.graphql'");
        ProblemsOf(GraphQl, ("request", M(("variables", M(("a", 1)))))).ShouldHaveSingleItem().ShouldContain("'query' or 'query_file' is missing");
        ProblemsOf(GraphQl, ("request", M(("query", "{ a(s: \"{{ watermark }}\") }")))).ShouldHaveSingleItem().ShouldContain("variables");
        ProblemsOf(GraphQl, ("table", "t")).ShouldHaveSingleItem().ShouldContain("'request' is missing");
    }

    [Fact]
    public void Paginators_are_read_with_their_own_keys_and_the_shared_ones()
    {
        PaginatorOf(("type", "offset"), ("offset_param", "debut"), ("limit_param", "nombre"), ("page_size", 10), ("total_path", "t"), ("maximum_offset", 10000), ("overlap", false))
            .ShouldBeOfType<OffsetPaginator>().MaximumOffset.ShouldBe(10000);
        PaginatorOf(("type", "cursor"), ("cursor_path", "header.curseurSuivant"), ("cursor_param", "curseur"), ("initial", "*"), ("max_pages", 3)).MaxPages.ShouldBe(3);
        PaginatorOf(("type", "next_url"), ("next_url_path", "next"), ("stop_after_empty_page", false)).StopAfterEmptyPage.ShouldBeFalse();
        PaginatorOf(("type", "link_header"), ("links_next_key", "more")).ShouldBe(new LinkHeaderPaginator { LinksNextKey = "more" });
        PaginatorOf(("type", "relay"), ("page_info_path", "a.pageInfo")).ShouldBeOfType<RelayPaginator>().PageInfoPath.ShouldBe("a.pageInfo");
        PaginatorOf(("type", "single_page")).ShouldBe(new SinglePagePaginator());
    }

    [Fact]
    public void Paginator_errors_stand_in_their_places()
    {
        ProblemsOf(Rest, ("paginator", M(("type", "cursor")))).ShouldHaveSingleItem().ShouldContain("'cursor_path' is missing");
        ProblemsOf(Rest, ("paginator", M(("type", "page_number"), ("page_size_param", "n")))).ShouldHaveSingleItem().ShouldStartWith("tidemark.yaml:3:1: page_size_param without page_size");
        ProblemsOf(Rest, ("paginator", M(("type", "pages")))).ShouldHaveSingleItem().ShouldContain("page_number");
    }

    [Fact]
    public void Schemas_are_made_for_editors()
    {
        foreach (var connector in HttpConnectors.All) connector.StreamSchema()["properties"]!["paginator"]!["anyOf"]!.AsArray().Count.ShouldBe(7);
    }
}
