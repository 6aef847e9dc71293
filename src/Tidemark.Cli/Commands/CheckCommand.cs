using System.CommandLine;
using System.Text.Json;
using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;
using Tidemark.Destinations;
using Tidemark.Runs;
using Tidemark.Scanning;

namespace Tidemark.Cli.Commands;

internal static class CheckCommand
{
    public static Command Create()
    {
        var command = new Command("check", "Try credentials, reachability and rights: each destination, one page a stream, nothing written.").WithExamples("tidemark check && tidemark run");
        command.SetBody(async (arguments, terminal, stopping) =>
        {
            var project = Project.Load(arguments.GetValue(GlobalOptions.Config)!);
            var destinations = new List<DestinationCheck>();
            foreach (var name in project.Pipeline.Streams.Select(project.Pipeline.DestinationOf).Concat(project.Pipeline.Endpoints.Select(project.Pipeline.DestinationOf)).Concat(project.Pipeline.Lookups.Select(project.Pipeline.DestinationOf)).Distinct(StringComparer.Ordinal))
            {
                var destination = await TryAsync(project, name, stopping);
                destinations.Add(destination);
                if (!terminal.Json) Console.Out.WriteLine($"{name}: {destination.Error ?? $"ok, {destination.Server}; it can be written"}");
            }
            var store = await TryStoreAsync(project, destinations, stopping);
            if (store is not null && !terminal.Json) Console.Out.WriteLine($"store: {store}");
            var streams = new List<StreamCheck>();
            foreach (var stream in project.Pipeline.Pulled())
            {
                var result = await TryAsync(project, stream, destinations, stopping);
                streams.Add(result);
                if (!terminal.Json) Print(result);
            }
            if (terminal.Json) CommandRunner.WriteJson(json => Write(json, destinations, store, streams));
            var streamsExit = DryRunOutput.ExitCodeOf(streams);
            // A database that only posts are written to has no stream that would tell.
            var isBroken = store is not null || (streamsExit == ExitCode.Done && destinations.Exists(d => d.Error is not null));
            return isBroken ? ExitCode.DestinationFailed : streamsExit;
        });
        return command;
    }

    private static async Task<DestinationCheck> TryAsync(Project project, string name, CancellationToken stopping)
    {
        try
        {
            await using var destination = project.Pipeline.Destinations[name].Open(new DestinationServices { CompareCursors = CursorKinds.Compare });
            return new DestinationCheck(name, await destination.CheckAsync(stopping), Error: null);
        }
        catch (DestinationException e)
        {
            return new DestinationCheck(name, Server: null, e.Message);
        }
    }

    // What is wrong with a destination is said once, not for each of its streams.
    private static async Task<StreamCheck> TryAsync(Project project, StreamDefinition stream, List<DestinationCheck> destinations, CancellationToken stopping) =>
        destinations.Find(d => d.Error is not null && string.Equals(d.Destination, project.Pipeline.DestinationOf(stream), StringComparison.Ordinal)) is { } broken
            ? new StreamCheck(stream.Name, null, $"not tried, as the destination '{broken.Destination}' can't be used", ExitCode.DestinationFailed)
            : await WrongWithTableAsync(project, stream, stopping) is { } wrong
            ? new StreamCheck(stream.Name, null, wrong, ExitCode.DestinationFailed)
            : await DryRunOutput.ReadAsync(project, new RunOptions(), stream, stopping);

    private static async Task<string?> WrongWithTableAsync(Project project, StreamDefinition stream, CancellationToken stopping)
    {
        try
        {
            await using var destination = project.Pipeline.Destinations[project.Pipeline.DestinationOf(stream)].Open(new DestinationServices { CompareCursors = CursorKinds.Compare });
            await destination.CheckTableAsync(stream.Target(project.Pipeline.Name), stopping);
            return null;
        }
        catch (DestinationException e)
        {
            return e.Message;
        }
    }

    // A database that can't be used has been told of already.
    private static async Task<string?> TryStoreAsync(Project project, List<DestinationCheck> destinations, CancellationToken stopping)
    {
        if (destinations.Exists(d => d.Error is not null)) return null;
        try
        {
            await project.CheckStoreAsync(stopping);
            return null;
        }
        catch (DestinationException e)
        {
            return e.Message;
        }
    }

    private static void Print(StreamCheck result)
    {
        Console.Out.WriteLine($"{result.Stream}: {result.Error ?? $"ok, {Counted.Of(result.Report!.Records, "record")} on the first page"}");
        foreach (var warning in result.Report?.Warnings ?? []) Console.Out.WriteLine($"  warning: {warning}");
    }

    private static void Write(Utf8JsonWriter json, List<DestinationCheck> destinations, string? store, List<StreamCheck> streams)
    {
        json.WriteStartObject();
        json.WriteBoolean("ok", store is null && destinations.TrueForAll(d => d.Error is null) && streams.TrueForAll(s => s.Error is null));
        if (store is not null) json.WriteString("store", store);
        json.WriteStartArray("destinations");
        foreach (var destination in destinations)
        {
            json.WriteStartObject();
            json.WriteString("destination", destination.Destination);
            json.WriteBoolean("ok", destination.Error is null);
            json.WriteString("server", destination.Server);
            if (destination.Error is not null) json.WriteString("error", destination.Error);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("streams");
        foreach (var stream in streams)
        {
            json.WriteStartObject();
            json.WriteString("stream", stream.Stream);
            json.WriteBoolean("ok", stream.Error is null);
            if (stream.Error is not null) json.WriteString("error", stream.Error);
            json.WriteStartArray("warnings");
            foreach (var warning in stream.Report?.Warnings ?? []) json.WriteStringValue(warning);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
