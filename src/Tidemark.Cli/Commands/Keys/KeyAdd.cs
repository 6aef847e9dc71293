using System.CommandLine;
using Tidemark.Access;
using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;

namespace Tidemark.Cli.Commands.Keys;

internal static class KeyAdd
{
    private static readonly Argument<string> KeyName = new("NAME") { Description = "What to call it: who uses it." };
    private static readonly Option<string[]> Routes = new("--route") { Description = "The path that it opens; may be given several times; PATH/* is all below it.", HelpName = "PATH" };
    private static readonly Option<bool> Admin = new("--admin") { Description = "It opens everything: operations, failed payloads and all routes." };

    public static Command Create()
    {
        var command = new Command("add", "Make a key. It is shown once, on standard output, and kept as a hash only.") { KeyName, Routes, Admin }.WithExamples("""
            tidemark key add n8n --route /api/v1/integrations/kpi/sync
            tidemark key add scraper --route "/v1/streams/*"
            tidemark key add operator --admin > operator.key
            """);
        command.SetBody(AddAsync);
        return command;
    }

    private static async Task<int> AddAsync(ParseResult arguments, Terminal terminal, CancellationToken stopping)
    {
        var (name, admin) = (arguments.GetValue(KeyName)!.Trim(), arguments.GetValue(Admin));
        var routes = (arguments.GetValue(Routes) ?? []).Select(RouteOf).Distinct(StringComparer.Ordinal).ToList();
        if (name.Length is 0 or > 100) throw new UserErrorException("the name of a key has 1 to 100 characters");
        if (!admin && routes.Count == 0) throw new UserErrorException("nothing says what the key opens: give --route PATH, or --admin for everything");
        if (admin && routes.Count > 0) throw new UserErrorException("--admin opens everything and --route a part: give one of them");
        var project = Project.Load(arguments.GetValue(GlobalOptions.Config)!);
        await using var store = await project.OpenStoreAsync(stopping);
        var token = ApiKeyToken.Create();
        var key = new ApiKey(name, ApiKeyToken.Hash(token), TimeProvider.System.GetUtcNow()) { Routes = routes, IsAdmin = admin };
        if (!await store.AddKeyAsync(project.Pipeline.Name, key, stopping))
            throw new UserErrorException($"a key is called '{name}' already: choose another name, or tidemark key revoke {name} first");
        if (terminal.Json)
        {
            CommandRunner.WriteJson(json => KeyJson.Write(json, key, token));
            return ExitCode.Done;
        }
        await Console.Error.WriteLineAsync($"the key '{name}' opens {KeyJson.Opens(key)}; it is shown this once:");
        Console.Out.WriteLine(token);
        return ExitCode.Done;
    }

    // The method may stand before the path, as it does in the configuration.
    private static string RouteOf(string text)
    {
        var path = text[(text.LastIndexOf(' ') + 1)..];
        return path.StartsWith('/') && path.IndexOfAny(['?', '#']) < 0 ? path : throw new UserErrorException($"found --route {text}, expected a path such as /v1/streams/shops/records, or /v1/streams/* for all below");
    }
}
