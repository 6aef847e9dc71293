using Tidemark.Runs;

namespace Tidemark.Cli.Hosting;

/// <summary>What the process answers, as documented in docs/cli.md.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int SomeFailed = 1;
    public const int Usage = 2;
    public const int SourceFailed = 3;
    public const int DestinationFailed = 4;
    public const int Parked = 5;
    public const int Interrupted = 130;

    /// <summary>The exit code of a run; of several, 130, then 4, 3, 5, 1.</summary>
    /// <param name="report">The run.</param>
    /// <param name="allowed">Statuses that count as done: partial, parked.</param>
    public static int Of(RunReport report, IReadOnlyCollection<RunStatus> allowed)
    {
        var codes = report.Streams.Where(s => !allowed.Contains(s.Status)).Select(Of).ToHashSet();
        return new[] { Interrupted, DestinationFailed, SourceFailed, Parked, SomeFailed }.FirstOrDefault(codes.Contains, Done);
    }

    private static int Of(StreamReport stream) => stream.Status switch
    {
        RunStatus.Succeeded => Done,
        RunStatus.Partial => SomeFailed,
        RunStatus.Parked => Parked,
        RunStatus.Interrupted => Interrupted,
        _ => stream.FailedSide == FailedSide.Destination ? DestinationFailed : SourceFailed,
    };
}
