using System.Text.Json;
using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;
using Tidemark.Destinations;
using Tidemark.Quotas;
using Tidemark.Runs;
using Tidemark.Scanning;
using Tidemark.Sources;

namespace Tidemark.Cli.Commands;

/// <summary>What <c>run --dry-run</c> and <c>check</c> have in common: a page a stream, nothing written.</summary>
internal static class DryRunOutput
{
    /// <summary>Prints columns and records of one page a stream.</summary>
    public static async Task<int> RunAsync(Project project, RunOptions options, Terminal terminal, CancellationToken stopping)
    {
        var results = new List<StreamCheck>();
        foreach (var stream in Selected(project, options)) results.Add(await ReadAsync(project, options, stream, stopping));
        if (terminal.Json)
        {
            CommandRunner.WriteJson(json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("streams");
                foreach (var result in results) Write(json, result);
                json.WriteEndArray();
                json.WriteEndObject();
            });
        }
        else
        {
            foreach (var line in results.SelectMany(Describe)) Console.Out.WriteLine(line);
            Console.Out.WriteLine("nothing was written");
        }
        return ExitCodeOf(results);
    }

    /// <summary>Reads one page of a stream; errors become a part of the answer.</summary>
    public static async Task<StreamCheck> ReadAsync(Project project, RunOptions options, StreamDefinition stream, CancellationToken stopping)
    {
        try
        {
            // Nothing is written but what the calls spend.
            await using var store = project.Pipeline.Quotas.Count > 0 ? await project.OpenStoreAsync(stopping) : null;
            var report = await new DryRun(project.Pipeline, options, TimeProvider.System) { Ledger = store }.ReadAsync(stream, stopping);
            return new StreamCheck(stream.Name, report, null, ExitCode.Done);
        }
        catch (ParkedException e)
        {
            return new StreamCheck(stream.Name, null, e.Message, ExitCode.Parked);
        }
        catch (Exception e) when (e is SourceException or CursorValueException)
        {
            return new StreamCheck(stream.Name, null, e.Message, ExitCode.SourceFailed);
        }
        catch (DestinationException e)
        {
            return new StreamCheck(stream.Name, null, e.Message, ExitCode.DestinationFailed);
        }
    }

    public static IEnumerable<StreamDefinition> Selected(Project project, RunOptions options) =>
        options.Streams.Count == 0 ? project.Pipeline.Pulled() : options.Streams.Select(project.PulledStream);

    public static int ExitCodeOf(IEnumerable<StreamCheck> results)
    {
        var codes = results.Select(r => r.ExitCode).ToHashSet();
        return new[] { ExitCode.DestinationFailed, ExitCode.SourceFailed, ExitCode.Parked }.FirstOrDefault(codes.Contains, ExitCode.Done);
    }

    private static IEnumerable<string> Describe(StreamCheck check)
    {
        if (check.Report is not { } report)
        {
            yield return $"{check.Stream}: {check.Error}";
            yield break;
        }
        yield return $"{check.Stream}: {report.Mode.ToString().ToLowerInvariant()} run, {Counted.Of(report.Records, "record")} on the first page, {report.Taken} of them to be written";
        foreach (var (name, type) in report.Columns) yield return $"  {name}: {(type is null ? "only null so far" : type.ToString()!.ToLowerInvariant())}";
        foreach (var sample in report.Samples) yield return $"  {sample}";
        foreach (var refused in report.Refused.Take(3)) yield return $"  refused: {refused}";
        foreach (var warning in report.Warnings) yield return $"  warning: {warning}";
    }

    private static void Write(Utf8JsonWriter json, StreamCheck check)
    {
        json.WriteStartObject();
        json.WriteString("stream", check.Stream);
        if (check.Error is not null) json.WriteString("error", check.Error);
        if (check.Report is { } report)
        {
            json.WriteString("mode", report.Mode.ToString().ToLowerInvariant());
            json.WriteNumber("records", report.Records);
            json.WriteNumber("taken", report.Taken);
            json.WriteStartObject("columns");
            foreach (var (name, type) in report.Columns) json.WriteString(name, type?.ToString().ToLowerInvariant());
            json.WriteEndObject();
            json.WriteStartArray("samples");
            foreach (var sample in report.Samples) json.WriteStringValue(sample);
            json.WriteEndArray();
            json.WriteStartArray("refused");
            foreach (var refused in report.Refused) json.WriteStringValue(refused);
            json.WriteEndArray();
            json.WriteStartArray("warnings");
            foreach (var warning in report.Warnings) json.WriteStringValue(warning);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }
}
