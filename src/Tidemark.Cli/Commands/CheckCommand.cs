using System.CommandLine;
using Tidemark.Cli.Hosting;
using Tidemark.Runs;

namespace Tidemark.Cli.Commands;

internal static class CheckCommand
{
    public static Command Create()
    {
        var command = new Command("check", "Try credentials, reachability and rights: one page a stream, nothing written.").WithExamples("tidemark check && tidemark run");
        command.SetBody(async (arguments, terminal, stopping) =>
        {
            var project = Project.Load(arguments.GetValue(GlobalOptions.Config)!);
            var results = new List<StreamCheck>();
            foreach (var stream in project.Pipeline.Streams)
            {
                var result = await DryRunOutput.ReadAsync(project, new RunOptions(), stream, stopping);
                results.Add(result);
                if (terminal.Json) continue;
                Console.Out.WriteLine($"{result.Stream}: {result.Error ?? $"ok, {result.Report!.Records} records on the first page"}");
                foreach (var warning in result.Report?.Warnings ?? []) Console.Out.WriteLine($"  warning: {warning}");
            }
            if (terminal.Json)
            {
                CommandRunner.WriteJson(json =>
                {
                    json.WriteStartObject();
                    json.WriteBoolean("ok", results.TrueForAll(r => r.Error is null));
                    json.WriteStartArray("streams");
                    foreach (var result in results)
                    {
                        json.WriteStartObject();
                        json.WriteString("stream", result.Stream);
                        json.WriteBoolean("ok", result.Error is null);
                        if (result.Error is not null) json.WriteString("error", result.Error);
                        json.WriteEndObject();
                    }
                    json.WriteEndArray();
                    json.WriteEndObject();
                });
            }
            return DryRunOutput.ExitCodeOf(results);
        });
        return command;
    }
}
