using System.CommandLine;
using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;
using Tidemark.Destinations;
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
            if (terminal.Json) CommandRunner.WriteJson(json => VerifyJson.Write(json, results));
            if (results.Exists(r => r.Error is not null)) return ExitCode.DestinationFailed;
            return results.Exists(r => r.Differences.Count > 0) ? ExitCode.SomeFailed : ExitCode.Done;
        });
        return command;
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
