using FsCheck;
using FsCheck.Fluent;
using Tidemark.Destinations;

namespace Tidemark.Conformance.Sequences;

/// <summary>Makes sequences that fit a target.</summary>
internal static class SequenceGenerator
{
    /// <param name="target">The target.</param>
    /// <param name="hasTypes">True if columns have types.</param>
    public static Arbitrary<Sequence> For(StreamTarget target, bool hasTypes = true) =>
        Arb.From(Gen.Choose(0, int.MaxValue).Select(seed => Make(new Random(seed), target, hasTypes)), sequence => sequence.Shrink());

    private static Sequence Make(Random random, StreamTarget target, bool hasTypes) =>
        new([.. Enumerable.Range(0, 2 + random.Next(14)).Select(_ => Step(random, target, hasTypes))]);

    private static Step Step(Random random, StreamTarget target, bool hasTypes)
    {
        var scans = target.Disposition == WriteDisposition.Replace || target.Deletions != Deletions.Ignore;
        return random.Next(100) switch
        {
            < 50 => new(StepKind.Write, [.. Enumerable.Range(0, 1 + random.Next(random.Next(10) == 0 ? 40 : 6)).Select(_ => RecordGenerator.Make(random, target, hasTypes))]),
            < 66 => new(StepKind.Commit, []),
            < 71 => new(StepKind.Abandon, []),
            < 74 => new(StepKind.Reopen, []),
            < 77 => new(StepKind.TakeOver, []),
            < 80 => new(StepKind.Cut, []),
            < 82 => new(StepKind.Enqueue, ["{\"id\":1}", "{\"id\":2}"]),
            < 84 => new(StepKind.Dequeue, []),
            < 86 => new(StepKind.Renew, []),
            < 94 when scans => new(random.Next(2) == 0 ? StepKind.Finish : StepKind.FinishAnyway, []),
            < 96 when scans => new(StepKind.StartOver, []),
            < 97 => new(StepKind.AddColumn, [], Field(random)),
            < 99 => new(StepKind.DropColumn, [], Field(random)),
            // While a scan is under way this would be a table that it has not seen.
            _ when !scans => new(StepKind.DropTable, []),
            _ => new(StepKind.Commit, []),
        };
    }

    private static string Field(Random random) => RecordGenerator.Columns[random.Next(RecordGenerator.Columns.Count)];
}
