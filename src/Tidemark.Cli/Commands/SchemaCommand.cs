using System.CommandLine;
using Tidemark.Cli.Hosting;
using Tidemark.Configuration;

namespace Tidemark.Cli.Commands;

internal static class SchemaCommand
{
    public static Command Create()
    {
        var command = new Command("schema", "Print the JSON schema of the configuration, for completion in editors.").WithExamples("tidemark schema > tidemark.schema.json");
        command.SetBody((_, _, _) =>
        {
            Console.Out.Write(ConfigurationSchema.Generate(Connectors.All));
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
