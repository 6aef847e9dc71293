using System.CommandLine;
using System.Text.Json;
using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;
using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.Sources;

namespace Tidemark.Cli.Commands;

/// <summary>Runs the body of a command and turns what a user can mend into a message and an exit code.</summary>
internal static class CommandRunner
{
    public static void SetBody(this Command command, Func<ParseResult, Terminal, CancellationToken, Task<int>> body) =>
        command.SetAction(async (arguments, _) =>
        {
            using var signals = new Signals();
            try
            {
                var terminal = new Terminal(arguments.GetValue(GlobalOptions.Json), color: !arguments.GetValue(GlobalOptions.NoColor));
                return await body(arguments, terminal, signals.Stopping);
            }
            catch (ConfigException e)
            {
                foreach (var problem in e.Problems) await Console.Error.WriteLineAsync(problem.ToString());
                return ExitCode.Usage;
            }
            catch (UserErrorException e)
            {
                await Console.Error.WriteLineAsync(e.Message);
                return e.ExitCode;
            }
            catch (DestinationException e)
            {
                await Console.Error.WriteLineAsync(e.Message);
                return ExitCode.DestinationFailed;
            }
            catch (SourceException e)
            {
                await Console.Error.WriteLineAsync(e.Message);
                return ExitCode.SourceFailed;
            }
            catch (OperationCanceledException) when (signals.Stopping.IsCancellationRequested)
            {
                return ExitCode.Interrupted;
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
