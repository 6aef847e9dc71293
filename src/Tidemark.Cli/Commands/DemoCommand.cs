using System.CommandLine;
using Tidemark.Checkpoints;
using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;
using Tidemark.Destinations;
using Tidemark.Reports;
using Tidemark.Runs;
using Tidemark.Scanning;
using Tidemark.Simulators;
using Tidemark.Simulators.Hosting;
using Tidemark.Telemetry;

namespace Tidemark.Cli.Commands;

internal static class DemoCommand
{
    private static readonly Argument<string> Recipe = new("RECIPE") { Description = "Which recipe.", DefaultValueFactory = _ => "crm" };
    private static readonly Option<DirectoryInfo> Dir = new("--dir")
    {
        Description = "Where configuration and database go; an earlier demo there is replaced.",
        DefaultValueFactory = _ => new DirectoryInfo("tidemark-demo"),
        HelpName = "DIR",
    };

    public static Command Create()
    {
        var command = new Command("demo", "Run a recipe against its simulated API, from nothing: a first run, a day passes, a second run.") { Recipe, Dir }.WithExamples("tidemark demo");
        command.SetBody(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, Terminal terminal, CancellationToken stopping)
    {
        var recipe = arguments.GetValue(Recipe)!;
        var directory = arguments.GetValue(Dir)!;
        var file = Prepare(recipe, directory);
        await using var simulator = await RunningSimulator.StartAsync(recipe, new SimulatorOptions(), stopping);
        var address = simulator.Address.ToString().TrimEnd('/');
        var variable = $"{recipe.ToUpperInvariant()}_URL";
        // So that the commands that come next, such as show, find the configuration whole.
        await File.WriteAllTextAsync(Path.Combine(directory.ToString(), ".env"), $"""
            # The demo's simulator. It has ended; this starts it again: tidemark simulate {recipe} --port {simulator.Address.Port}
            {variable}={address}

            """, stopping);
        var project = Project.Load(file, new Dictionary<string, string>(StringComparer.Ordinal) { [variable] = address });

        // Another database than the demo's own file is the user's: what an earlier demo left there is not taken away.
        var (place, known) = await LookAsync(project, stopping);
        Say(terminal, $"The {recipe} simulator listens on {address}. First run: {(known ? "the database knows an earlier one, so everything is read again (--full)." : "everything is new.")}");
        var first = await OneRunAsync(project, new RunOptions { Full = known }, arguments, terminal, stopping);
        var before = simulator.Calls.Total;
        Say(terminal, "");
        Say(terminal, "A day passes: some records change at the source. Second run:");
        await simulator.AdvanceAsync("day");
        var second = await OneRunAsync(project, new RunOptions(), arguments, terminal, stopping);
        var calls = simulator.Calls.Total - before;

        var changed = second.Total(Counter.Written);
        var all = first.Total(Counter.Read);
        if (terminal.Json)
        {
            Console.Out.WriteLine($"{{\"first\":{ReportJson.Of(first)},\"second\":{ReportJson.Of(second)},\"changed\":{changed},\"calls\":{calls}}}");
        }
        else
        {
            Say(terminal, "");
            Say(terminal, $"{changed} records changed. The second run found them with {calls} calls; the first needed {before} to read {Terminal.Number(all)}.");
            Say(terminal, $"The tables are in {place}, the configuration is {file}. Next:");
            Say(terminal, $"  tidemark show clients -c {file}");
            Say(terminal, "  tidemark init            your own configuration");
        }
        var good = first.Status == RunStatus.Succeeded && second.Status == RunStatus.Succeeded && changed > 0 && calls < before;
        return good ? ExitCode.Done : Math.Max(ExitCode.SomeFailed, ExitCode.Of(second, []));
    }

    private static async Task<RunReport> OneRunAsync(Project project, RunOptions options, ParseResult arguments, Terminal terminal, CancellationToken stopping)
    {
        Say(terminal, "");
        var report = await RunCommand.RunAsync(project, options, arguments, terminal, stopping);
        if (!terminal.Json) RunCommand.Print(report, terminal);
        return report;
    }

    // Where the tables go, and whether a stream has been there before.
    private static async Task<(string Place, bool Known)> LookAsync(Project project, CancellationToken stopping)
    {
        var stream = project.Pipeline.Streams[0];
        await using var destination = project.Pipeline.Destinations[project.Pipeline.DestinationOf(stream)].Open(new DestinationServices { CompareCursors = CursorKinds.Compare });
        var place = await destination.CheckAsync(stopping);
        return (place, await destination.ReadCheckpointAsync(project.Pipeline.Name, stream.Name, stopping) != Checkpoint.None);
    }

    /// <summary>Writes the recipe's configuration; what an earlier demo left is taken away, anything else is left alone.</summary>
    private static string Prepare(string recipe, DirectoryInfo directory)
    {
        var text = Recipes.Read(recipe);
        if (!SimulatorCatalog.Names.Contains(recipe, StringComparer.Ordinal)) throw new UserErrorException($"the recipe '{recipe}' has no simulator in this version");
        var file = Path.Combine(directory.ToString(), "tidemark.yaml");
        if (directory.Exists && directory.EnumerateFileSystemInfos().Any() && (!File.Exists(file) || !string.Equals(File.ReadAllText(file), text, StringComparison.Ordinal)))
            throw new UserErrorException($"{directory} is not empty and holds no earlier demo: choose another --dir");
        directory.Create();
        foreach (var left in directory.EnumerateFiles($"{recipe}.db*")) left.Delete();
        var store = new DirectoryInfo(Path.Combine(directory.FullName, ".tidemark"));
        if (store.Exists) store.Delete(recursive: true);
        File.WriteAllText(file, text);
        return file;
    }

    private static void Say(Terminal terminal, string text)
    {
        if (!terminal.Json) Console.Out.WriteLine(text);
    }
}
