using System.CommandLine;
using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;
using Tidemark.Cli.Recording;
using Tidemark.Definitions;
using Tidemark.Failures;
using Tidemark.Reports;
using Tidemark.Runs;
using Tidemark.Runs.Retries;

namespace Tidemark.Cli.Commands.Failed;

internal static class FailedRetry
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly Argument<string[]> Ids = new("ID") { Description = "The records' ids, or their first digits.", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<string[]> Streams = new("--stream") { Description = "All open ones of this stream; may be given several times.", HelpName = "STREAM" };
    private static readonly Option<bool> All = new("--all") { Description = "All open ones." };

    public static Command Create()
    {
        var command = new Command("retry", "Write them again, from their payloads as they were kept: read as the configuration is now, without a call to the source.") { Ids, Streams, All }.WithExamples("""
            tidemark failed retry 4f2a 91c0            some of them
            tidemark failed retry --stream clients     all open ones of a stream
            tidemark failed retry --all --json
            """);
        command.SetBody(RetryAsync);
        return command;
    }

    private static async Task<int> RetryAsync(ParseResult arguments, Terminal terminal, CancellationToken stopping)
    {
        var ids = arguments.GetValue(Ids) ?? [];
        var streams = arguments.GetValue(Streams) ?? [];
        var all = arguments.GetValue(All);
        var ways = new[] { ids.Length > 0, streams.Length > 0, all }.Count(w => w);
        if (ways == 0) throw new UserErrorException("nothing says which records: give their ids, --stream STREAM, or --all; see tidemark failed list");
        if (ways > 1) throw new UserErrorException("found several ways to say which records: give either their ids, or --stream STREAM, or --all");
        var project = Project.Load(arguments.GetValue(GlobalOptions.Config)!);
        var options = new RetryOptions { Streams = [.. streams.Select(s => project.Stream(s).Name)] };
        await using var recording = RunRecording.Open(project, arguments.GetValue(GlobalOptions.LogLevel));
        await using var store = await project.OpenStoreAsync(stopping);
        if (ids.Length > 0) options = options with { Ids = await OpenIdsAsync(store, project, ids, stopping) };
        using var notice = stopping.Register(() => Console.Error.WriteLine("stopping: what is being written is committed (again to leave at once)"));
        var orphans = all ? await OrphansAsync(store, project, stopping) : [];
        var report = await new RetryRun(project.Pipeline, options, store)
        {
            Answers = store,
            Ledger = store,
            Log = recording.Log,
            Progress = Progress(),
        }.RunAsync(stopping);
        foreach (var orphan in orphans)
            await Console.Error.WriteLineAsync($"{Terminal.Number(orphan.Count())} of the stream '{orphan.Key}' stay as they are: the configuration has no such stream any more");
        if (terminal.Json) CommandRunner.WriteJson(json => RetryReportJson.Write(json, report));
        else foreach (var line in RetryOutput.Lines(report)) Console.Out.WriteLine(line);
        return report.Status switch
        {
            RunStatus.Interrupted => ExitCode.Interrupted,
            RunStatus.Failed => ExitCode.DestinationFailed,
            RunStatus.Partial => ExitCode.SomeFailed,
            _ => orphans.Count > 0 ? ExitCode.SomeFailed : ExitCode.Done,
        };
    }

    private static async Task<List<string>> OpenIdsAsync(IStore store, Project project, string[] ids, CancellationToken stopping)
    {
        var found = new List<string>();
        foreach (var id in ids)
        {
            var record = await new FailedPlace(store, project.Pipeline.Name, project).FindAsync(id, stopping);
            if (record.Status != FailedRecordStatus.Open)
                throw new UserErrorException($"the failed record {record.Id} is {ReportJson.Name(record.Status)} already, since {record.ClosedAt?.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
            if (!project.Pipeline.Streams.Any(s => string.Equals(s.Name, record.Stream, StringComparison.Ordinal)))
                throw new UserErrorException($"the failed record {record.Id} is of the stream '{record.Stream}', which the configuration has no more{NearestName.Hint(record.Stream, [.. project.Pipeline.Streams.Select(s => s.Name)])}");
            found.Add(record.Id);
        }
        return found;
    }

    private static async Task<List<IGrouping<string, OpenRecord>>> OrphansAsync(IStore store, Project project, CancellationToken stopping)
    {
        var known = project.Pipeline.Streams.Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        return [.. (await store.ListOpenAsync(project.Pipeline.Name, stopping)).Where(r => !known.Contains(r.Stream)).GroupBy(r => r.Stream, StringComparer.Ordinal)];
    }

    // A line now and then, for retries that take their time.
    private static Action<StreamRetryReport> Progress()
    {
        var told = TimeProvider.System.GetTimestamp();
        return report =>
        {
            if (TimeProvider.System.GetElapsedTime(told) < Interval) return;
            told = TimeProvider.System.GetTimestamp();
            Console.Error.WriteLine($"{report.Stream}: {Terminal.Number(report.Resolved + report.Superseded + report.StillFailing)} of {Terminal.Number(report.Selected)} tried");
        };
    }
}
