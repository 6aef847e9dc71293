using System.CommandLine;
using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;
using Tidemark.Destinations;
using Tidemark.Lookups;
using Tidemark.Lookups.Asking;
using Tidemark.Runs;
using Tidemark.Scanning;

namespace Tidemark.Cli.Commands;

internal static class VerifyCommand
{
    private static readonly Argument<string[]> Streams = new("STREAM") { Description = "Streams to compare; none: all, in the order of the file.", Arity = ArgumentArity.ZeroOrMore };

    public static Command Create()
    {
        var command = new Command("verify", "Compare the declared schema with the real one: columns, types, keys, indexes, partitions. Exit 1 if they differ.") { Streams }.WithExamples("""
            tidemark verify                 all tables
            tidemark verify clients --json
            """);
        command.SetBody(async (arguments, terminal, stopping) =>
        {
            var project = Project.Load(arguments.GetValue(GlobalOptions.Config)!);
            var names = arguments.GetValue(Streams) ?? [];
            var results = new List<Verified>();
            foreach (var stream in names.Length == 0 ? project.Pipeline.Streams : names.Select(project.Stream).ToList())
            {
                var result = await VerifyAsync(project, stream, stopping);
                results.Add(result);
                if (!terminal.Json) foreach (var line in VerifyText.Lines(result)) Console.Out.WriteLine(line);
            }
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var lookup in names.Length == 0 ? project.Pipeline.Lookups : [])
            {
                // Several lookups may have one history.
                foreach (var result in (await VerifyAsync(project, lookup, stopping)).Where(r => seen.Add($"{project.Pipeline.DestinationOf(lookup)}\0{r.Target.Table}")))
                {
                    results.Add(result);
                    if (!terminal.Json) foreach (var line in VerifyText.Lines(result)) Console.Out.WriteLine(line);
                }
            }
            if (terminal.Json) CommandRunner.WriteJson(json => VerifyJson.Write(json, results));
            if (results.Exists(r => r.Error is not null)) return ExitCode.DestinationFailed;
            return results.Exists(r => r.Differences.Count > 0) ? ExitCode.SomeFailed : ExitCode.Done;
        });
        return command;
    }

    // A lookup has its table, and that of its history. Those that migrations make have to be exactly as these make them.
    private static async Task<IReadOnlyList<Verified>> VerifyAsync(Project project, LookupDefinition lookup, CancellationToken stopping)
    {
        StreamTarget[] targets = [LookupTables.AnswersOf(project.Pipeline.Name, lookup), .. LookupTables.HistoryOf(project.Pipeline.Name, lookup) is { } history ? [history] : Array.Empty<StreamTarget>()];
        try
        {
            await using var destination = project.Pipeline.Destinations[project.Pipeline.DestinationOf(lookup)].Open(new DestinationServices { CompareCursors = CursorKinds.Compare });
            var made = lookup.Migrations.TryGetValue(destination.Kind, out var steps) ? await destination.DescribeMigratedAsync(steps, [.. targets.Select(t => t.Table)], stopping) : [.. targets.Select(_ => (TableDescription?)null)];
            var results = new List<Verified>();
            foreach (var (target, exact) in targets.Zip(made))
            {
                var table = await destination.DescribeAsync(target, stopping);
                results.Add(new Verified(target, table, table is null ? [new SchemaDifference(SchemaDifferenceKind.TableMissing, $"table {target.Table}", "a table", "none; tidemark serve makes it")]
                    : exact is null ? SchemaVerification.Compare(target, table) : SchemaVerification.CompareExactly(exact, table), Error: null));
            }
            return results;
        }
        catch (DestinationException e)
        {
            return [new Verified(targets[0], null, [], e.Message)];
        }
    }

    private static async Task<Verified> VerifyAsync(Project project, StreamDefinition stream, CancellationToken stopping)
    {
        var target = stream.Target(project.Pipeline.Name);
        try
        {
            var services = new DestinationServices { CompareCursors = CursorKinds.Compare };
            await using var destination = project.Pipeline.Destinations[project.Pipeline.DestinationOf(stream)].Open(services);
            var table = await destination.DescribeAsync(target, stopping);
            return new Verified(target, table, SchemaVerification.Compare(target, table), Error: null);
        }
        catch (DestinationException e)
        {
            return new Verified(target, null, [], e.Message);
        }
    }
}
