using System.CommandLine;
using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;
using Tidemark.Destinations;
using Tidemark.Runs;
using Tidemark.Scanning;

namespace Tidemark.Cli.Commands;

internal static class ResetCommand
{
    private static readonly Argument<string> Stream = new("STREAM") { Description = "The stream whose watermark is moved." };
    private static readonly Option<string?> To = new("--to") { Description = "The new watermark; without it the watermark is forgotten.", HelpName = "VALUE" };
    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask." };

    public static Command Create()
    {
        var command = new Command("reset", "Move or forget the watermark of a stream, after showing what that means. No row is touched.") { Stream, To, Yes }.WithExamples("""
            tidemark reset clients                         the next run reads everything
            tidemark reset clients --to 2026-01-01 --yes   the next run reads from there
            """);
        command.SetBody(ResetAsync);
        return command;
    }

    private static async Task<int> ResetAsync(ParseResult arguments, Terminal terminal, CancellationToken stopping)
    {
        var project = Project.Load(arguments.GetValue(GlobalOptions.Config)!);
        var stream = project.Stream(arguments.GetValue(Stream)!);
        var to = arguments.GetValue(To);
        await using (var destination = project.Pipeline.Destinations[project.Pipeline.DestinationOf(stream)].Open(new DestinationServices { CompareCursors = CursorKinds.Compare }))
        {
            await destination.CheckAsync(stopping);
            var before = await destination.ReadCheckpointAsync(project.Pipeline.Name, stream.Name, stopping);
            try
            {
                var after = CheckpointReset.Preview(stream, before, to);
                await Console.Error.WriteLineAsync($"{stream.Name}: watermark {before.Watermark ?? "none"}, last success {Time(before.LastSuccess)}, {(before.Resume is null ? "no" : "an")} unfinished scan");
                await Console.Error.WriteLineAsync($"   becomes watermark {after.Watermark ?? "none"}, last success {Time(after.LastSuccess)}, no unfinished scan");
                await Console.Error.WriteLineAsync(Meaning(stream, to));
            }
            catch (FormatException e)
            {
                throw new UserErrorException(e.Message);
            }
        }
        if (!arguments.GetValue(Yes))
        {
            if (Console.IsInputRedirected) throw new UserErrorException("nobody can be asked here: say --yes to do it");
            await Console.Error.WriteAsync("do it? [y/N] ");
            if (Console.ReadLine()?.Trim() is not ("y" or "Y" or "yes")) throw new UserErrorException("nothing was changed");
        }
        await CheckpointReset.ApplyAsync(project.Pipeline, stream, to, TimeProvider.System, stopping);
        if (terminal.Json) CommandRunner.WriteJson(json =>
        {
            json.WriteStartObject();
            json.WriteString("stream", stream.Name);
            json.WriteString("watermark", to);
            json.WriteEndObject();
        });
        else await Console.Error.WriteLineAsync("done");
        return ExitCode.Done;
    }

    private static string Meaning(StreamDefinition stream, string? to) => (to, stream.Disposition()) switch
    {
        (null, WriteDisposition.Merge) => "The next run reads everything; rows that are there are compared, not doubled.",
        (null, WriteDisposition.Append) => "The next run reads everything and APPENDS it: rows that are there will be there twice.",
        (null, _) => "The next run reads everything and replaces the table, as always.",
        (_, WriteDisposition.Append) => "The next run reads from there; records that were appended already are appended AGAIN.",
        _ => "The next run reads from there; what lies between is skipped if it is later than the watermark now.",
    };

    private static string Time(DateTimeOffset? time) => time is { } known ? known.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", System.Globalization.CultureInfo.InvariantCulture) : "none";
}
