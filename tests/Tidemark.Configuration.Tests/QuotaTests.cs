using Tidemark.Quotas;

namespace Tidemark.Configuration.Tests;

public sealed class QuotaTests : IDisposable
{
    private readonly ConfigurationScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void Quota_is_read_with_all_its_keys()
    {
        var pipeline = _scene.Read(Whole("""
              gazelle:
                rates: [{ limit: 300, interval: 1m }, { limit: 20, interval: 1s }]
                kind: window
                pace: smooth
                reserve: 10%
                budgets: [{ calls: 20000, per: 1d, time_zone: Europe/Paris }, { cost: 5, per: 7d }, { records: 35000, per: 1d }]
                signals: [retry-after, keepa, graphql-cost]
                park_after: 2m
            """, "{ name: gazelle, cost: 2.5 }", "priority: 3"));
        var quota = pipeline.Quotas["gazelle"];
        quota.Rates.ShouldBe([new QuotaRate(300, TimeSpan.FromMinutes(1)), new QuotaRate(20, TimeSpan.FromSeconds(1))]);
        (quota.Pace, quota.Reserve, quota.ParkAfter, quota.Bucket).ShouldBe((QuotaPace.Smooth, 0.1, TimeSpan.FromMinutes(2), null));
        quota.Budgets.ShouldBe([new QuotaBudget(BudgetUnit.Calls, 20000, 1, "Europe/Paris"), new QuotaBudget(BudgetUnit.Cost, 5, 7), new QuotaBudget(BudgetUnit.Records, 35000)]);
        quota.Signals.ShouldBe(QuotaSignals.RetryAfter | QuotaSignals.Keepa | QuotaSignals.GraphQlCost);
        pipeline.Sources["api"].Quota.ShouldBe(new QuotaUse("gazelle", 2.5));
        pipeline.Streams.Single().Priority.ShouldBe(3);
    }

    [Fact]
    public void Quota_without_keys_listens_to_the_server_and_a_name_alone_costs_1_a_call()
    {
        var pipeline = _scene.Read(Whole("  q: {}", "q"));
        var quota = pipeline.Quotas["q"];
        (quota.Signals, quota.ParkAfter, quota.Rates.Count).ShouldBe((QuotaSignals.RetryAfter | QuotaSignals.Headers, TimeSpan.FromMinutes(5), 0));
        pipeline.Sources["api"].Quota.ShouldBe(new QuotaUse("q", 1));
    }

    [Fact]
    public void Bucket_is_read() =>
        _scene.Read(Whole("  q: { kind: bucket, bucket: { capacity: 40, refill: 2, interval: 1s } }", "q")).Quotas["q"].Bucket.ShouldBe(new TokenBucket(40, 2, TimeSpan.FromSeconds(1)));

    [Theory]
    [InlineData("q: { rates: [{ limit: 0, interval: 1m }] }", "tidemark.yaml:3:25: found '0', expected a whole number, at least 1")]
    [InlineData("q: { rates: [{ limit: 1, interval: 0s }] }", "tidemark.yaml:3:28: found 0s, expected a duration above 0, such as 1m")]
    [InlineData("q: { rates: [{ limit: 1 }] }", "tidemark.yaml:3:16: the key 'interval' is missing")]
    [InlineData("q: { reserve: 100% }", "tidemark.yaml:3:8: found 100%, which leaves nothing to use; expected less")]
    [InlineData("q: { kind: bucket }", "tidemark.yaml:3:8: kind: bucket needs the key 'bucket', such as { capacity: 40, refill: 2, interval: 1s }")]
    [InlineData("q: { kind: window, bucket: { capacity: 1, refill: 1, interval: 1s } }", "tidemark.yaml:3:8: found kind: window with a bucket: take one of them out")]
    [InlineData("q: { rates: [{ limit: 1, interval: 1s }], bucket: { capacity: 1, refill: 1, interval: 1s } }", "tidemark.yaml:3:45: a quota has rates or a bucket: take one of them out")]
    [InlineData("q: { budgets: [{ calls: 1, records: 1, per: 1d }] }", "tidemark.yaml:3:18: expected exactly one of calls, cost and records; for several caps, several budgets")]
    [InlineData("q: { budgets: [{ calls: 1, per: 36h }] }", "tidemark.yaml:3:30: found 1d12h, expected whole days, 1d to 3660d; for shorter periods use rates")]
    [InlineData("q: { budgets: [{ calls: 1, per: 1d, time_zone: Europe/Pariss }] }", "tidemark.yaml:3:50: found 'Europe/Pariss', which is no time zone; did you mean 'Europe/Paris'?")]
    [InlineData("q: { signals: [header] }", "tidemark.yaml:3:18: found 'header', expected one of retry-after, headers, keepa, graphql-cost")]
    [InlineData("q: { rate: [] }", "tidemark.yaml:3:8: unknown key 'rate'; did you mean 'rates'?")]
    [InlineData("q: { park_after: soon }", "tidemark.yaml:3:20: found 'soon', expected a duration such as 30s, 15m, 6h, 7d or PT1H30M")]
    public void What_is_wrong_with_a_quota_is_told_in_its_place(string quota, string error) => _scene.Errors(Whole("  " + quota, "q")).ShouldBe([error]);

    [Theory]
    [InlineData("gazele", "tidemark.yaml:5:54: found 'gazele', which is no quota; did you mean 'gazelle'?")]
    [InlineData("{ name: gazele }", "tidemark.yaml:5:62: found 'gazele', which is no quota; did you mean 'gazelle'?")]
    [InlineData("{ name: gazelle, cost: -1 }", "tidemark.yaml:5:77: found '-1', expected a number, at least 0")]
    public void Quota_that_is_not_there_is_told_with_the_nearest(string use, string error) => _scene.Errors(Whole("  gazelle: {}", use)).ShouldBe([error]);

    [Fact]
    public void Quota_in_a_configuration_without_quotas_is_told() =>
        _scene.Errors("name: t\nsources:\n  api: { type: file, path: x.jsonl, quota: q }\ndestinations: { db: { type: sqlite, path: t.db } }\nstreams: { items: {} }\n")
            .ShouldBe(["tidemark.yaml:3:44: found 'q', but there are no quotas: add quotas: { q: { rates: [{ limit: 300, interval: 1m }] } }"]);

    private static string Whole(string quotas, string use, string stream = "") =>
        $"name: test\nquotas:\n{quotas}\nsources:\n  api: {{ type: rest, url: \"http://localhost\", quota: {use} }}\ndestinations:\n  db: {{ type: sqlite, path: test.db }}\nstreams:\n  items:\n    request: {{ path: / }}\n    {stream}\n";
}
