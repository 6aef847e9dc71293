using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Tidemark.Telemetry;

/// <summary>The instruments of the meter <c>Tidemark</c>. They are told once a batch or a call, never once a record; where nobody listens that costs nothing.</summary>
internal static class TidemarkMeter
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Tidemark";

    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Read = Meter.CreateCounter<long>("tidemark.records.read", "{record}", "Records looked at, when they are committed.");
    private static readonly Counter<long> Written = Meter.CreateCounter<long>("tidemark.records.written", "{record}", "Records that changed a table.");
    private static readonly Counter<long> Failed = Meter.CreateCounter<long>("tidemark.records.failed", "{record}", "Records that were refused and kept.");
    private static readonly Counter<long> Requests = Meter.CreateCounter<long>("tidemark.requests", "{request}", "Calls to sources that have ended, by class of status.");
    private static readonly Histogram<double> RequestDuration = Meter.CreateHistogram<double>("tidemark.request.duration", "s", "From sending a call until its body is read.");
    private static readonly Histogram<long> BatchSize = Meter.CreateHistogram<long>("tidemark.batch.size", "{record}", "Records of a batch that was written.");
    private static readonly Histogram<double> BatchDuration = Meter.CreateHistogram<double>("tidemark.batch.duration", "s", "Writing and committing a batch, attempts that failed included.");
    private static readonly Counter<long> LookupHits = Meter.CreateCounter<long>("tidemark.lookup.hits", "{answer}", "Answers of lookups that were served from what is kept.");
    private static readonly Counter<long> LookupMisses = Meter.CreateCounter<long>("tidemark.lookup.misses", "{answer}", "Answers of lookups that were bought.");
    private static readonly Counter<long> LookupStale = Meter.CreateCounter<long>("tidemark.lookup.stale", "{answer}", "Hits after their time, as no other answer could be had.");
    private static readonly Counter<double> LookupSpent = Meter.CreateCounter<double>("tidemark.lookup.cost.spent", "{cost}", "What calls of lookups cost, in the unit of the source's quota.");
    private static readonly Gauge<int> AlertOn = Meter.CreateGauge<int>("tidemark.lookup.alert", description: "1: an alert of a lookup is on; 0: it is not.");
    private static readonly Counter<double> LookupSaved = Meter.CreateCounter<double>("tidemark.lookup.cost.saved", "{cost}", "What hits would have cost.");

    /// <summary>An answer of a lookup was served from what is kept.</summary>
    public static void HitLookup(bool stale, double saved, StreamLabels labels)
    {
        LookupHits.Add(1, labels.Tags);
        LookupSaved.Add(saved, labels.Tags);
        if (stale) LookupStale.Add(1, labels.Tags);
    }

    /// <summary>An answer of a lookup was bought.</summary>
    public static void MissLookup(StreamLabels labels) => LookupMisses.Add(1, labels.Tags);

    /// <summary>A call of a lookup has ended.</summary>
    public static void SpendOnLookup(double cost, StreamLabels labels) => LookupSpent.Add(cost, labels.Tags);

    /// <summary>How an alert of a lookup stands.</summary>
    public static void TellLookupAlert(string alert, bool isOn, StreamLabels labels)
    {
        if (AlertOn.Enabled) AlertOn.Record(isOn ? 1 : 0, new TagList(labels.Tags) { { "alert", alert } });
    }

    /// <summary>Takes over what the run's own counters are told.</summary>
    public static void Count(Counter counter, long amount, StreamLabels labels)
    {
        if (amount == 0) return;
        switch (counter)
        {
            case Counter.Read: Read.Add(amount, labels.Tags); break;
            case Counter.Written: Written.Add(amount, labels.Tags); break;
            case Counter.Failed: Failed.Add(amount, labels.Tags); break;
        }
    }

    /// <summary>A call has ended.</summary>
    /// <param name="status">The status code; null: there was no whole answer.</param>
    /// <param name="took">How long it took.</param>
    /// <param name="labels">Of the stream.</param>
    public static void EndRequest(int? status, TimeSpan took, StreamLabels labels)
    {
        if (!Requests.Enabled && !RequestDuration.Enabled) return;
        var tags = new TagList(labels.Tags) { { "status", ClassOf(status) } };
        Requests.Add(1, tags);
        RequestDuration.Record(took.TotalSeconds, tags);
    }

    /// <summary>A batch is on disk.</summary>
    public static void EndBatch(long records, TimeSpan took, StreamLabels labels)
    {
        BatchSize.Record(records, labels.Tags);
        BatchDuration.Record(took.TotalSeconds, labels.Tags);
    }

    private static string ClassOf(int? status) => status switch
    {
        >= 100 and < 200 => "1xx",
        >= 200 and < 300 => "2xx",
        >= 300 and < 400 => "3xx",
        >= 400 and < 500 => "4xx",
        >= 500 and < 600 => "5xx",
        _ => "error",
    };
}
