using Tidemark.Definitions;
using Tidemark.Quotas;

namespace Tidemark.Configuration.Shapes;

/// <summary>The keys of a quota: <c>{ rates: [{ limit: 300, interval: 1m }] }</c>.</summary>
internal static class QuotaShape
{
    private const int MostDays = 3660;

    private static readonly Shape<QuotaRate> Rate = new Shape<QuotaRate>("So much in any window of so long.", () => new QuotaRate(1, TimeSpan.Zero))
        .Required("limit", Formats.Integer(1), (r, v) => r with { Limit = v }, "How much: calls, or what they cost; at least 1.")
        .Required("interval", Formats.Duration, (r, v) => r with { Interval = v }, "How long, such as 1m.")
        .Rule(r => r.Interval <= TimeSpan.Zero ? ("interval", "found 0s, expected a duration above 0, such as 1m") : null);

    private static readonly Shape<TokenBucket> Bucket = new Shape<TokenBucket>("A balance that calls are paid from and that refills.", () => new TokenBucket(1, 1, TimeSpan.FromSeconds(1)))
        .Required("capacity", Formats.Integer(1), (b, v) => b with { Capacity = v }, "The most that it holds.")
        .Required("refill", Formats.Integer(1), (b, v) => b with { Refill = v }, "What comes back in each interval.")
        .Required("interval", Formats.Duration, (b, v) => b with { Interval = v }, "The interval, such as 1s.")
        .Rule(b => b.Interval <= TimeSpan.Zero ? ("interval", "found 0s, expected a duration above 0, such as 1s") : null);

    private static readonly Shape<BudgetKeys> Budget = new Shape<BudgetKeys>("A cap of a calendar period; exactly one of calls, cost and records.", () => new BudgetKeys())
        .Optional("calls", Formats.Integer(1), (b, v) => b with { Calls = v }, "How many calls.")
        .Optional("cost", Formats.Integer(1), (b, v) => b with { Cost = v }, "What calls may cost.")
        .Optional("records", Formats.Integer(1), (b, v) => b with { Records = v }, "How many records; each counts once, when it is committed or failed.")
        .Required("per", Formats.Duration, (b, v) => b with { Per = v }, "The period, in whole days, such as 1d.")
        .Optional("time_zone", ScheduleFormats.TimeZone, (b, v) => b with { Zone = v }, "Where a day begins, an IANA name such as Europe/Paris. Default: UTC.")
        .Rule(b => new[] { b.Calls, b.Cost, b.Records }.Count(v => v is not null) == 1 ? null : (null, "expected exactly one of calls, cost and records; for several caps, several budgets"))
        .Rule(b => b.Per.Ticks % TimeSpan.TicksPerDay == 0 && b.Per.TotalDays is >= 1 and <= MostDays ? null : ("per", $"found {Durations.Format(b.Per)}, expected whole days, 1d to {MostDays}d; for shorter periods use rates"));

    private static readonly Shape<QuotaKeys> Keys = new Shape<QuotaKeys>("How many calls a server allows; sources that name it share it.", () => new QuotaKeys(new QuotaDefinition(), null))
        .Optional("rates", Formats.List(Rate), (q, v) => q.With(d => d with { Rates = v }), "So much in any window of so long; all of them hold. Default: none.")
        .Optional("kind", Formats.OneOf<QuotaKind>(), (q, v) => q with { Kind = v }, "window (default, with rates) or bucket.")
        .Optional("bucket", Bucket, (q, v) => q.With(d => d with { Bucket = v }), "A balance that refills, instead of rates. Default: none.")
        .Optional("pace", Formats.OneOf<QuotaPace>(), (q, v) => q.With(d => d with { Pace = v }), "burst: as soon as allowed; smooth: evenly. Default: burst.")
        .Optional("reserve", Formats.Share, (q, v) => q.With(d => d with { Reserve = v }), "The share of rates, capacity and budgets that is left to others; less than 100%. Default: 0.")
        .Optional("budgets", Formats.List(BudgetOf), (q, v) => q.With(d => d with { Budgets = v }), "Caps of a calendar period; all of them hold. Default: none.")
        .Optional("signals", Formats.List(Formats.OneOf(SignalNames)), (q, v) => q.With(d => d with { Signals = v.Aggregate(QuotaSignals.None, (a, b) => a | b) }), "What of answers is listened to. Default: [retry-after, headers].")
        .Optional("park_after", Formats.Duration, (q, v) => q.With(d => d with { ParkAfter = v }), "A longer wait ends the run, to be started again later. Default: 5m.")
        .Rule(q => q.Definition is { Bucket: not null, Rates.Count: > 0 } ? ("bucket", "a quota has rates or a bucket: take one of them out") : null)
        .Rule(q => q.Kind is QuotaKind.Bucket && q.Definition.Bucket is null ? ("kind", "kind: bucket needs the key 'bucket', such as { capacity: 40, refill: 2, interval: 1s }") : null)
        .Rule(q => q.Kind is QuotaKind.Window && q.Definition.Bucket is not null ? ("kind", "found kind: window with a bucket: take one of them out") : null)
        .Rule(q => q.Definition.Reserve >= 1 ? ("reserve", "found 100%, which leaves nothing to use; expected less") : null);

    /// <summary>A quota.</summary>
    public static Format<QuotaDefinition> Any { get; } = Formats.Made(Keys, k => k.Definition);

    private enum QuotaKind
    {
        Window,
        Bucket,
    }

    private static Format<QuotaBudget> BudgetOf => Formats.Made(Budget, b => b switch
    {
        { Calls: { } calls } => new QuotaBudget(BudgetUnit.Calls, calls, (int)b.Per.TotalDays, b.Zone),
        { Cost: { } cost } => new QuotaBudget(BudgetUnit.Cost, cost, (int)b.Per.TotalDays, b.Zone),
        _ => new QuotaBudget(BudgetUnit.Records, b.Records!.Value, (int)b.Per.TotalDays, b.Zone),
    });

    private static IReadOnlyDictionary<string, QuotaSignals> SignalNames => new OrderedDictionary<string, QuotaSignals>(StringComparer.Ordinal)
    {
        ["retry-after"] = QuotaSignals.RetryAfter,
        ["headers"] = QuotaSignals.Headers,
        ["keepa"] = QuotaSignals.Keepa,
        ["graphql-cost"] = QuotaSignals.GraphQlCost,
    };

    private sealed record QuotaKeys(QuotaDefinition Definition, QuotaKind? Kind)
    {
        public QuotaKeys With(Func<QuotaDefinition, QuotaDefinition> change) => this with { Definition = change(Definition) };
    }

    private sealed record BudgetKeys
    {
        public long? Calls { get; init; }

        public long? Cost { get; init; }

        public long? Records { get; init; }

        public TimeSpan Per { get; init; }

        public string Zone { get; init; } = "UTC";
    }
}
