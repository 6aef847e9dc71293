using System.CommandLine;
using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;

namespace Tidemark.Cli.Commands.Keys;

internal static class KeyList
{
    public static Command Create()
    {
        var command = new Command("list", "All keys of the pipeline, revoked ones too; never their text.").WithExamples("tidemark key list --json");
        command.SetBody(ListAsync);
        return command;
    }

    private static async Task<int> ListAsync(ParseResult arguments, Terminal terminal, CancellationToken stopping)
    {
        var project = Project.Load(arguments.GetValue(GlobalOptions.Config)!);
        await using var store = await project.OpenStoreAsync(stopping);
        var keys = await store.ListKeysAsync(project.Pipeline.Name, stopping);
        if (terminal.Json)
        {
            CommandRunner.WriteJson(json =>
            {
                json.WriteStartArray();
                foreach (var key in keys) KeyJson.Write(json, key);
                json.WriteEndArray();
            });
            return ExitCode.Done;
        }
        var width = keys.Select(k => k.Name.Length).DefaultIfEmpty(0).Max();
        foreach (var key in keys)
            Console.Out.WriteLine($"{key.Name.PadRight(width)}   {key.CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}   {(key.RevokedAt is { } at ? $"revoked {at.UtcDateTime:yyyy-MM-dd HH:mm:ss}" : KeyJson.Opens(key))}");
        if (keys.Count == 0) Console.Out.WriteLine("none: tidemark serve takes calls of this machine only");
        return ExitCode.Done;
    }
}
