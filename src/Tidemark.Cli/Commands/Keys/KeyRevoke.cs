using System.CommandLine;
using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;
using Tidemark.Definitions;

namespace Tidemark.Cli.Commands.Keys;

internal static class KeyRevoke
{
    private static readonly Argument<string> KeyName = new("NAME") { Description = "Its name." };

    public static Command Create()
    {
        var command = new Command("revoke", "Take a key back for good. Servers that run refuse it within a few seconds.") { KeyName }.WithExamples("tidemark key revoke n8n");
        command.SetBody(RevokeAsync);
        return command;
    }

    private static async Task<int> RevokeAsync(ParseResult arguments, Terminal terminal, CancellationToken stopping)
    {
        var name = arguments.GetValue(KeyName)!;
        var project = Project.Load(arguments.GetValue(GlobalOptions.Config)!);
        await using var store = await project.OpenStoreAsync(stopping);
        var at = TimeProvider.System.GetUtcNow();
        if (!await store.RevokeKeyAsync(project.Pipeline.Name, name, at, stopping))
        {
            var known = (await store.ListKeysAsync(project.Pipeline.Name, stopping)).Where(k => k.RevokedAt is null).Select(k => k.Name).ToList();
            throw new UserErrorException($"no key that holds is called '{name}'{NearestName.Hint(name, known)}");
        }
        var left = (await store.ListKeysAsync(project.Pipeline.Name, stopping)).Count(k => k.RevokedAt is null);
        if (terminal.Json)
        {
            CommandRunner.WriteJson(json =>
            {
                json.WriteStartObject();
                json.WriteString("revoked", name);
                json.WriteNumber("left", left);
                json.WriteEndObject();
            });
            return ExitCode.Done;
        }
        Console.Out.WriteLine($"'{name}' is revoked; servers that run refuse it within a few seconds");
        if (left == 0) Console.Out.WriteLine("that was the last one: until you add another, nobody may call, this machine neither");
        return ExitCode.Done;
    }
}
