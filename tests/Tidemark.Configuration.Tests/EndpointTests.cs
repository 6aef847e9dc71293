using Tidemark.Pushing;
using Tidemark.Records;
using Tidemark.Runs;

namespace Tidemark.Configuration.Tests;

public sealed class EndpointTests : IDisposable
{
    private const string Head = """
        name: kpi
        destinations: { db: { type: sqlite, path: kpi.db } }
        endpoints:
          kpi:

        """;

    private readonly ConfigurationScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void Endpoint_is_read_with_all_that_it_asks_for()
    {
        var pipeline = _scene.Read("""
            name: kpi
            server: { max_body_size: 10MiB, max_records: 5, body_timeout: 3s }
            destinations: { db: { type: sqlite, path: kpi.db } }
            endpoints:
              kpi:
                route: POST /api/kpi
                records: data.entries
                copy: [store_id, date]
                references:
                  - { value: store_id, table: stores, match: id, message: "Store {store_id} not found", scope: request }
                  - { value: seller_id, table: users, match: id, where: { role: seller, active: true, level: 3, code: "3", store: "{{ request.store_id }}", zone: "{{ record.zone }}" } }
                write:
                  - { when: seller_id, table: kpis, primary_key: [seller_id, date], columns: { amount: decimal } }
                  - { table: rest }
                answer: { status: status, all: [updated, unchanged], message: "Took {accepted} of {received}" }
            """);
        (pipeline.Server.MaxBodySize, pipeline.Server.MaxRecords, pipeline.Server.BodyTimeout).ShouldBe((10 << 20, 5, TimeSpan.FromSeconds(3)));
        var endpoint = pipeline.Endpoints.Single();
        (endpoint.Name, endpoint.Path, string.Join(' ', endpoint.Records), string.Join(' ', endpoint.Copy)).ShouldBe(("kpi", "/api/kpi", "data entries", "store_id date"));
        endpoint.References[0].Scope.ShouldBe(ReferenceScope.Request);
        endpoint.References[1].Where.Select(w => (w.Column, w.Constant, w.RequestField, w.RecordField)).ShouldBe(
        [
            ("role", ScalarValue.Of("seller"), null, null), ("active", new ScalarValue(ScalarKind.Boolean, "true"), null, null), ("level", new ScalarValue(ScalarKind.Number, "3"), null, null),
            ("code", ScalarValue.Of("3"), null, null), ("store", (ScalarValue?)null, "store_id", null), ("zone", (ScalarValue?)null, null, "zone"),
        ]);
        endpoint.Answer["all"].Names.ShouldBe(["updated", "unchanged"]);
        endpoint.Answer["message"].Fill(n => n.ToUpperInvariant()).ShouldBe("Took ACCEPTED of RECEIVED");
        var target = endpoint.Target("kpi");
        target.Routes.Select(r => (r.When, r.Target.Table, r.Target.Disposition)).ShouldBe([("seller_id", "kpis", Destinations.WriteDisposition.Merge), (null, "rest", Destinations.WriteDisposition.Append)]);
    }

    [Theory]
    [InlineData("route: PUT /x, write: [{ table: t }]", "expected POST and a path")]
    [InlineData("route: /v1/mine, write: [{ table: t }]", "one of the server's own")]
    [InlineData("route: \"/a/{b}\", write: [{ table: t }]", "expected one such as /api/v1/kpi/sync")]
    [InlineData("route: /a, write: []", "found no table")]
    [InlineData("route: /a, write: [{ table: t }, { when: x, table: u }]", "the table 't' takes all records")]
    [InlineData("route: /a, write: [{ when: x, table: t }, { table: t }]", "found the table 't' twice")]
    [InlineData("route: /a, copy: x, write: [{ table: t }]", "add records")]
    [InlineData("route: /a, records: \"a[0]\", write: [{ table: t }]", "expected names joined by dots")]
    [InlineData("route: /a, write: [{ table: t }], answer: { error: messages }", "call it errors")]
    [InlineData("route: /a, write: [{ table: t }], answer: { n: insertd }", "did you mean 'inserted'?")]
    [InlineData("route: /a, write: [{ table: t }], answer: { n: [inserted, status] }", "which is no count")]
    [InlineData("route: /a, write: [{ table: t }], answer: { n: \"{x}\" }", "found '{x}'")]
    [InlineData("route: /a, write: [{ table: t }], destination: dbb", "did you mean 'db'?")]
    [InlineData("route: /a, records: r, write: [{ table: t }], references: [{ value: a, table: b, match: c, where: { d: \"{{ x.y }}\" } }]", "{{ request.FIELD }}")]
    [InlineData("route: /a, write: [{ table: t, primry_key: id }]", "did you mean 'primary_key'?")]
    public void What_can_not_be_an_endpoint_is_told_with_its_place(string endpoint, string message)
    {
        var error = _scene.Errors($"{Head}    {{ {endpoint} }}\n").ShouldHaveSingleItem();
        error.ShouldStartWith("tidemark.yaml:5:");
        error.ShouldContain(message);
    }

    [Fact]
    public void Paths_of_two_endpoints_differ() =>
        _scene.Errors("name: x\ndestinations: { db: { type: sqlite, path: x.db } }\nendpoints:\n  a: { route: /x, write: [{ table: t }] }\n  b: { route: /X, write: [{ table: t }] }\n")
            .ShouldBe(["tidemark.yaml:5:15: found the path '/X', which is that of 'a' already"]);

    [Theory]
    [InlineData("refresh: full", "'refresh' is for streams that are read, but the records of 's' are posted: take it out")]
    [InlineData("slices: { by: list, values: [a] }", "'slices' is for streams that are read")]
    [InlineData("write_disposition: replace", "replace needs a full read, but records are posted")]
    public void Stream_that_others_post_to_has_nothing_to_read(string key, string message) =>
        string.Join('\n', _scene.Errors($"name: x\nsources: {{ in: {{ type: push }} }}\ndestinations: {{ db: {{ type: sqlite, path: x.db }} }}\nstreams:\n  s: {{ {key} }}\n")).ShouldContain(message);

    [Fact]
    public void Pipeline_needs_something_to_do() =>
        _scene.Errors("name: x\ndestinations: { db: { type: sqlite, path: x.db } }\n").ShouldBe(["tidemark.yaml:1:1: the key 'streams' is missing"]);
}
