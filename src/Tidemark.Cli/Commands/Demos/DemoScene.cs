using System.CommandLine;
using Tidemark.Checkpoints;
using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;
using Tidemark.Destinations;
using Tidemark.Runs;
using Tidemark.Scanning;
using Tidemark.Simulators;

namespace Tidemark.Cli.Commands.Demos;

/// <summary>The folder of a demo, and what demos have in common.</summary>
internal sealed class DemoScene
{
    private readonly ParseResult _arguments;
    private readonly string _directory;
    private Dictionary<string, string> _variables = new(StringComparer.Ordinal);

    private DemoScene(string directory, ParseResult arguments, Terminal terminal)
    {
        (_directory, _arguments, Terminal) = (directory, arguments, terminal);
        File = Path.Combine(directory, "tidemark.yaml");
    }

    public Terminal Terminal { get; }

    /// <summary>The configuration, for messages as it was written by the user.</summary>
    public string File { get; }

    /// <summary>The database that the recipe writes into, as <c>--to</c> takes it.</summary>
    /// <param name="variable">The variable that names another one than the demo's own file.</param>
    /// <param name="name">The name of the file.</param>
    public string Database(string variable, string name) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } url ? url : $"sqlite:{Path.Combine(_directory, name)}";

    /// <summary>Writes a recipe's configuration into a folder; what an earlier demo left there is taken away, anything else is left alone.</summary>
    /// <exception cref="UserErrorException">The folder holds something else.</exception>
    public static DemoScene Prepare(string recipe, DirectoryInfo directory, ParseResult arguments, Terminal terminal)
    {
        var scene = new DemoScene(directory.ToString(), arguments, terminal);
        var known = Recipes.Names.Select(Recipes.Read);
        if (directory.Exists && directory.EnumerateFileSystemInfos().Any() && !(System.IO.File.Exists(scene.File) && known.Contains(System.IO.File.ReadAllText(scene.File), StringComparer.Ordinal)))
            throw new UserErrorException($"{directory} is not empty and holds no earlier demo: choose another --dir");
        directory.Create();
        foreach (var left in Recipes.Names.SelectMany(name => directory.EnumerateFiles($"{name}.db*"))) left.Delete();
        var store = new DirectoryInfo(Path.Combine(directory.FullName, ".tidemark"));
        if (store.Exists) store.Delete(recursive: true);
        System.IO.File.WriteAllText(scene.File, Recipes.Read(recipe));
        foreach (var (path, text) in Recipes.FilesOf(recipe))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(directory.FullName, path))!);
            System.IO.File.WriteAllText(Path.Combine(directory.FullName, path), text);
        }
        return scene;
    }

    /// <summary>Writes <c>.env</c>, so that the commands that come next, such as show, find the configuration whole; and reads both.</summary>
    /// <param name="note">What stands above the variables.</param>
    /// <param name="variables">The variables of the recipe; they win over the environment.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<Project> ConfigureAsync(string note, Dictionary<string, string> variables, CancellationToken cancellationToken)
    {
        _variables = variables;
        await System.IO.File.WriteAllTextAsync(Path.Combine(_directory, ".env"), $"# {note}\n{string.Concat(variables.Select(v => $"{v.Key}={v.Value}\n"))}", cancellationToken);
        return Project.Load(File, variables);
    }

    /// <summary>Where the tables go, and whether a stream has been there before: another database than the demo's own file is the user's, and what an earlier demo left there is not taken away.</summary>
    public static async Task<(string Place, bool Known)> LookAsync(Project project, CancellationToken cancellationToken)
    {
        var stream = project.Pipeline.Streams[0];
        await using var destination = Open(project);
        var place = await destination.CheckAsync(cancellationToken);
        return (place, await destination.ReadCheckpointAsync(project.Pipeline.Name, stream.Name, cancellationToken) != Checkpoint.None);
    }

    /// <summary>The address of a simulator, as configurations have it.</summary>
    public static string UrlOf(RunningSimulator simulator) => simulator.Address.ToString().TrimEnd('/');

    /// <summary>The destination of a recipe: each has one.</summary>
    public static DestinationDefinition DestinationOf(Project project) => project.Pipeline.Destinations.Values.Single();

    /// <summary>Opens it.</summary>
    public static IDestination Open(Project project) => DestinationOf(project).Open(new DestinationServices { CompareCursors = CursorKinds.Compare });

    /// <summary>Runs the pipeline in this process, and prints its report.</summary>
    public async Task<RunReport> RunAsync(Project project, RunOptions options, CancellationToken stopping)
    {
        Say("");
        var report = await RunCommand.RunAsync(project, options, _arguments, Terminal, stopping);
        if (!Terminal.Json) RunCommand.Print(report, Terminal);
        return report;
    }

    /// <summary>Begins <c>tidemark run</c> as a process of its own, so that it can be killed: it shows its progress, and prints its report, for itself.</summary>
    /// <param name="options">What <c>run</c> is given beside the configuration.</param>
    public ChildRun Start(params string[] options) =>
        ChildRun.Start(["run", "-c", File, .. options, .. Terminal.Json ? [GlobalOptions.Json.Name] : Array.Empty<string>(), .. Inherited()], _variables, Terminal.Json ? ChildStreams.Output : ChildStreams.None);

    /// <summary>Begins another command as a process of its own, whose input and output are ours.</summary>
    /// <param name="arguments">The command and its arguments.</param>
    public ChildRun StartPiped(params string[] arguments) => ChildRun.Start([.. arguments, .. Inherited()], _variables, ChildStreams.Input | ChildStreams.Output);

    /// <summary>A line for people; nothing where standard output takes one JSON document.</summary>
    public void Say(string text)
    {
        if (!Terminal.Json) Console.Out.WriteLine(text);
    }

    private IEnumerable<string> Inherited()
    {
        if (_arguments.GetValue(GlobalOptions.NoColor)) yield return GlobalOptions.NoColor.Name;
        yield return GlobalOptions.LogLevel.Name;
        yield return _arguments.GetValue(GlobalOptions.LogLevel).ToString().ToLowerInvariant();
    }
}
