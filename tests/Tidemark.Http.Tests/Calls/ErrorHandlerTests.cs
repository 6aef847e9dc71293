using Tidemark.Http.Calls;
using Tidemark.Http.Tests.Support;
using Tidemark.Telemetry;

namespace Tidemark.Http.Tests.Calls;

public sealed class ErrorHandlerTests
{
    [Theory]
    [InlineData("errors[0].extensions.code == 'THROTTLED'", true)]
    [InlineData("errors[0].extensions.code != \"THROTTLED\"", false)]
    [InlineData("errors[0].extensions.code == 'throttled'", false)]
    [InlineData("n == 1.0", true)]
    [InlineData("n != 2", true)]
    [InlineData("ok == false", true)]
    [InlineData("missing == null", true)]
    [InlineData("missing != 'x'", true)]
    [InlineData("['a==b'] == 'c'", true)]
    public void Condition_compares_with_the_body(string condition, bool holds) =>
        ErrorCondition.Parse(condition).Holds("""{"errors":[{"extensions":{"code":"THROTTLED"}}],"n":1,"ok":false,"a==b":"c"}"""u8).ShouldBe(holds);

    [Theory]
    [InlineData("status")]
    [InlineData("a == b")]
    [InlineData("a == 'b")]
    [InlineData("== 1")]
    [InlineData("a[ == 1")]
    public void Condition_that_is_none_is_refused(string text) => Should.Throw<FormatException>(() => ErrorCondition.Parse(text));

    [Fact]
    public void Condition_on_what_is_not_json_does_not_hold() => ErrorCondition.Parse("a == null").Holds("<html>"u8).ShouldBeFalse();

    [Fact]
    public async Task Ignored_answer_is_an_empty_page_that_ends_the_paging()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(404, """{"header":{"statut":404}}"""));
        await using var fixture = new Fixture();
        var source = new RestSource { Url = server.Address, ErrorHandler = [new ErrorRule { Status = [404], Action = ErrorAction.Ignore }] };

        var pages = await fixture.ReadAsync(source, new RestRequest { Records = "items", Paginator = new PageNumberPaginator() });

        pages.ShouldHaveSingleItem().Records.ShouldBeEmpty();
        pages[0].CutShort.ShouldBeFalse();
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task First_matching_rule_wins()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(503));
        await using var fixture = new Fixture();
        var source = new RestSource
        {
            Url = server.Address,
            ErrorHandler = [new ErrorRule { Status = [503], Action = ErrorAction.Fail }, new ErrorRule { Status = [503], Action = ErrorAction.Ignore }],
        };

        (await fixture.FailureAsync(source, new RestRequest())).ShouldContain("action fail");

        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Retry_action_asks_again()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(409), Reply.Json("[1]"));
        await using var fixture = new Fixture();

        await fixture.ReadAsync(new RestSource { Url = server.Address, ErrorHandler = [new ErrorRule { Status = [409], Action = ErrorAction.Retry }] }, new RestRequest());

        (fixture.Counters[Counter.Retries], fixture.Counters[Counter.ThrottledMs]).ShouldBe((1, 0));
    }

    [Fact]
    public async Task GraphQl_errors_fail_with_their_messages()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("""{"errors":[{"message":"no such field"},{"message":"second"},{"message":"third"},{"message":"fourth"}],"data":null}"""));
        await using var fixture = new Fixture();

        var message = await fixture.FailureAsync(new GraphQlSource { Url = server.Address }, new GraphQlRequest { Query = "{a}", Records = "data.a" });

        message.ShouldContain("no such field; second; third");
        message.ShouldNotContain("fourth");
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task GraphQl_empty_errors_are_none()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("""{"errors":[],"data":{"a":[1]}}"""));
        await using var fixture = new Fixture();

        (await fixture.ReadAsync(new GraphQlSource { Url = server.Address }, new GraphQlRequest { Query = "{a}", Records = "data.a" }))[0].Records.ShouldBe(["1"]);
    }

    [Fact]
    public async Task GraphQl_throttling_is_treated_as_429()
    {
        await using var server = await ScriptedServer.StartAsync(
            Reply.Json("""{"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED"}}]}"""), Reply.Json("""{"data":{"a":[1]}}"""));
        await using var fixture = new Fixture();
        var source = new GraphQlSource { Url = server.Address, ErrorHandler = [new ErrorRule { When = "errors[0].extensions.code == 'THROTTLED'", Action = ErrorAction.RateLimited }] };

        (await fixture.ReadAsync(source, new GraphQlRequest { Query = "{a}", Records = "data.a" }))[0].Records.ShouldBe(["1"]);

        fixture.Counters[Counter.ThrottledMs].ShouldBeGreaterThan(0);
    }
}
