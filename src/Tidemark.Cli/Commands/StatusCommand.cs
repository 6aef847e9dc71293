using System.CommandLine;
using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;
using Tidemark.Destinations;
using Tidemark.Inboxes;
using Tidemark.Reports;
using Tidemark.Scanning;
using Tidemark.Sqlite;

namespace Tidemark.Cli.Commands;

internal static class StatusCommand
{
    public static Command Create()
    {
        var command = new Command("status", "Show how things stand: watermarks, the last runs, failed records. Nothing is called and nobody is waited for.").WithExamples("tidemark status");
        command.SetBody(ShowAsync);
        return command;
    }

    private static PipelineStatus WithInbox(PipelineStatus status, Project project)
    {
        try
        {
            return status with { Inbox = SqliteInbox.Look(project.InboxPath, project.Pipeline.Name) };
        }
        catch (InboxException e)
        {
            return status with { Problems = [.. status.Problems, e.Message] };
        }
    }

    private static async Task<int> ShowAsync(ParseResult arguments, Terminal terminal, CancellationToken stopping)
    {
        var project = Project.Load(arguments.GetValue(GlobalOptions.Config)!);
        await using var store = await project.OpenStoreAsync(stopping);
        var services = new DestinationServices { CompareCursors = CursorKinds.Compare };
        var opened = project.Pipeline.Destinations.ToDictionary(d => d.Key, d => d.Value.Open(services), StringComparer.Ordinal);
        try
        {
            var status = await StatusReader.ReadAsync(project.Pipeline, name => opened[name], store, TimeProvider.System, stopping);
            status = WithInbox(status, project);
            if (terminal.Json) CommandRunner.WriteJson(json => StatusJson.Write(json, status));
            else foreach (var line in StatusText.Lines(status)) Console.Out.WriteLine(line);
            foreach (var problem in status.Problems) await Console.Error.WriteLineAsync(problem);
            return status.Problems.Count == 0 ? ExitCode.Done : ExitCode.DestinationFailed;
        }
        finally
        {
            foreach (var destination in opened.Values) await destination.DisposeAsync();
        }
    }
}
