using Tidemark.Destinations;

namespace Tidemark.Conformance.Sequences;

/// <summary>
/// What a call may count. Exact, except where records of one key meet in it: these may be written as one row or as several, so that between one and all of them have changed something.
/// </summary>
/// <param name="Records">How many records.</param>
/// <param name="Inserted">Keys that were not there.</param>
/// <param name="LeastUpdated">Keys whose row is another one after the call.</param>
/// <param name="MostUpdated">Records that changed something when written one by one.</param>
/// <param name="LeastOlder">Records that were held back, and stood alone.</param>
/// <param name="MostOlder">Records that were held back when written one by one.</param>
internal readonly record struct NaiveCounts(long Records, long Inserted, long LeastUpdated, long MostUpdated, long LeastOlder, long MostOlder)
{
    public static NaiveCounts operator +(NaiveCounts a, NaiveCounts b) => new(
        a.Records + b.Records, a.Inserted + b.Inserted, a.LeastUpdated + b.LeastUpdated, a.MostUpdated + b.MostUpdated, a.LeastOlder + b.LeastOlder, a.MostOlder + b.MostOlder);

    public bool Allow(WriteCounts counts) =>
        counts.Inserted == Inserted && counts.Updated >= LeastUpdated && counts.Updated <= MostUpdated && counts.Inserted + counts.Updated + counts.Unchanged == Records
        && counts.Older >= LeastOlder && counts.Older <= MostOlder;
}
