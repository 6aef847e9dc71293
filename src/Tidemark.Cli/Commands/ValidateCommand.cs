using System.CommandLine;
using System.Text.Json;
using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;
using Tidemark.Definitions;

namespace Tidemark.Cli.Commands;

internal static class ValidateCommand
{
    public static Command Create()
    {
        var command = new Command("validate", "Check the configuration, offline: every error as file:line:column: message.").WithExamples("tidemark validate -c recipes/crm/tidemark.yaml");
        command.SetBody((arguments, terminal, _) => Task.FromResult(Validate(arguments.GetValue(GlobalOptions.Config)!, terminal)));
        return command;
    }

    private static int Validate(string file, Terminal terminal)
    {
        IReadOnlyList<ConfigProblem> problems = [];
        var (streams, endpoints, lookups) = (0, 0, 0);
        try
        {
            var pipeline = Project.Load(file).Pipeline;
            (streams, endpoints, lookups) = (pipeline.Streams.Count, pipeline.Endpoints.Count, pipeline.Lookups.Count);
        }
        catch (ConfigException e)
        {
            problems = e.Problems;
        }
        if (terminal.Json)
        {
            CommandRunner.WriteJson(json =>
            {
                json.WriteStartObject();
                json.WriteBoolean("valid", problems.Count == 0);
                Write(json, problems);
                json.WriteEndObject();
            });
        }
        else
        {
            foreach (var problem in problems) Console.Error.WriteLine(problem.ToString());
            if (problems.Count == 0) Console.Out.WriteLine($"{file}: valid, {Counted.Of(streams, "stream")}{(endpoints == 0 ? "" : $", {Counted.Of(endpoints, "endpoint")}")}{(lookups == 0 ? "" : $", {Counted.Of(lookups, "lookup")}")}");
        }
        return problems.Count == 0 ? ExitCode.Done : ExitCode.Usage;
    }

    /// <summary>Writes the problems of a configuration as a member of an object.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<ConfigProblem> problems)
    {
        json.WriteStartArray("problems");
        foreach (var problem in problems)
        {
            json.WriteStartObject();
            json.WriteString("file", problem.Location.File);
            json.WriteNumber("line", problem.Location.Line);
            json.WriteNumber("column", problem.Location.Column);
            json.WriteString("message", problem.Message);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
