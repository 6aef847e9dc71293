using System.CommandLine;
using System.Text.Json;
using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;
using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.Reports;
using Tidemark.Sources;

namespace Tidemark.Cli.Commands;

/// <summary>Runs the body of a command and turns what a user can mend into a message and an exit code.</summary>
internal static class CommandRunner
{
    public static void SetBody(this Command command, Func<ParseResult, Terminal, CancellationToken, Task<int>> body) =>
        command.SetAction(async (arguments, _) =>
        {
            using var signals = new StopSignals();
            var json = arguments.GetValue(GlobalOptions.Json);
            try
            {
                return await body(arguments, new Terminal(json, color: !arguments.GetValue(GlobalOptions.NoColor)), signals.Stopping);
            }
            catch (ConfigException e)
            {
                return ProblemOutput.Tell(json, e.Problems);
            }
            catch (UserErrorException e)
            {
                return ProblemOutput.Tell(json, [e.Message], e.ExitCode);
            }
            catch (DestinationException e)
            {
                return ProblemOutput.Tell(json, [e.Message], ExitCode.DestinationFailed);
            }
            catch (SourceException e)
            {
                return ProblemOutput.Tell(json, [e.Message], ExitCode.SourceFailed);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Files beside source and destination: what init, demo and schema write.
                return ProblemOutput.Tell(json, [e.Message], ExitCode.Usage);
            }
            catch (OperationCanceledException) when (signals.Stopping.IsCancellationRequested)
            {
                return ProblemOutput.Tell(json, ["interrupted"], ExitCode.Interrupted);
            }
        });

    /// <summary>Writes a JSON document to standard output, on one line.</summary>
    public static void WriteJson(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, ReportJson.WriterOptions)) write(json);
        Console.Out.WriteLine(System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }
}
