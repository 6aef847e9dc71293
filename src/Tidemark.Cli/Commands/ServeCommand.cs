using System.CommandLine;
using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;
using Tidemark.Cli.Recording;
using Tidemark.Server;
using Tidemark.Server.Setup;
using Tidemark.Sqlite;

namespace Tidemark.Cli.Commands;

internal static class ServeCommand
{
    private static readonly Option<string[]> Urls = new("--urls")
    {
        Description = "Where to listen; several, or separated by ';'. Default: http://127.0.0.1:8080.",
        HelpName = "URL",
        CustomParser = r => [.. r.Tokens.SelectMany(t => t.Value.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
    };

    public static Command Create()
    {
        var command = new Command("serve", "Listen: take records that others post, tell how things stand, run streams when asked. Ctrl-C and SIGTERM finish what is under way.") { Urls }.WithExamples("""
            tidemark serve                              this machine only, port 8080
            tidemark serve --urls http://127.0.0.1:9000
            tidemark serve --urls http://*:8080         other machines too: needs an API key (tidemark key add)
            """);
        command.SetBody(ServeAsync);
        return command;
    }

    private static async Task<int> ServeAsync(ParseResult arguments, Terminal terminal, CancellationToken stopping)
    {
        var addresses = Addresses(arguments.GetValue(Urls) ?? []);
        var content = ConfigurationWatch.ContentOf(arguments.GetValue(GlobalOptions.Config)!);
        var project = Project.Load(arguments.GetValue(GlobalOptions.Config)!);
        await using var recording = RunRecording.Open(project, arguments.GetValue(GlobalOptions.LogLevel));
        await using var store = await project.OpenStoreAsync(stopping);
        await using var inbox = new SqliteInbox(project.InboxPath, project.Pipeline.Name, TimeProvider.System);
        var setup = new ServerSetup { Pipeline = project.Pipeline, Store = store, Inbox = inbox, Log = recording.Log, AccessLog = recording.AccessLog, RunEnded = recording.Keep };
        await using var server = await StartAsync(addresses.Count == 0 ? setup : setup with { Addresses = addresses }, stopping);
        if (terminal.Json) CommandRunner.WriteJson(json => ServeOutput.Write(json, server));
        else foreach (var line in ServeOutput.Lines(server)) Console.Out.WriteLine(line);

        await using var watch = new ConfigurationWatch(project, content, server, recording.Log);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stopping.Register(stopped.SetResult);
        await stopped.Task;
        await Console.Error.WriteLineAsync("stopping: what is under way is being finished (again to leave at once)");
        await server.StopAsync();
        return ExitCode.Done;
    }

    private static async Task<TidemarkServer> StartAsync(ServerSetup setup, CancellationToken stopping)
    {
        try
        {
            return await TidemarkServer.StartAsync(setup, stopping);
        }
        catch (ServerStartException e)
        {
            throw new UserErrorException(e.Message);
        }
    }

    private static List<ListenAddress> Addresses(string[] urls)
    {
        try
        {
            return [.. urls.Select(ListenAddress.Parse)];
        }
        catch (FormatException e)
        {
            throw new UserErrorException($"--urls: {e.Message}");
        }
    }
}
