using System.CommandLine;
using Tidemark.Access;
using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;
using Tidemark.Definitions;
using Tidemark.Runs;

namespace Tidemark.Cli.Commands.Keys;

internal static class KeyAdd
{
    private static readonly Argument<string> KeyName = new("NAME") { Description = "What to call it: who uses it." };
    private static readonly Option<string[]> Routes = new("--route") { Description = "What it opens: the name of an endpoint, of a lookup, or of a stream that takes records, or a path; PATH/* is all below it. May be given several times.", HelpName = "NAME|PATH" };
    private static readonly Option<bool> Admin = new("--admin") { Description = "It opens everything: operations, failed payloads and all routes." };

    public static Command Create()
    {
        var command = new Command("add", "Make a key. It is shown once, on standard output, and kept as a hash only.") { KeyName, Routes, Admin }.WithExamples("""
            tidemark key add n8n --route kpi
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
        var asked = arguments.GetValue(Routes) ?? [];
        if (name.Length is 0 or > 100) throw new UserErrorException("the name of a key has 1 to 100 characters");
        if (!admin && asked.Length == 0) throw new UserErrorException("nothing says what the key opens: give --route NAME|PATH, or --admin for everything");
        if (admin && asked.Length > 0) throw new UserErrorException("--admin opens everything and --route a part: give one of them");
        var project = Project.Load(arguments.GetValue(GlobalOptions.Config)!);
        var routes = asked.Select(r => RouteOf(r, project)).Distinct(StringComparer.Ordinal).ToList();
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
    private static string RouteOf(string text, Project project)
    {
        var path = text[(text.LastIndexOf(' ') + 1)..];
        if (path.StartsWith('/') && path.IndexOfAny(['?', '#']) < 0) return path;
        var pipeline = project.Pipeline;
        var known = pipeline.Endpoints.Select(e => (e.Name, e.Path)).Concat(pipeline.Streams.Where(pipeline.IsPushed).Select(s => (s.Name, Path: $"/v1/streams/{s.Name}/records")))
            .Concat(pipeline.Lookups.Where(l => l.Path is not null).Select(l => (l.Name, Path: l.Path!))).ToList();
        var found = known.Where(k => string.Equals(k.Name, text, StringComparison.Ordinal)).ToList();
        return found switch
        {
            [var one] => one.Path,
            [_, ..] => throw new UserErrorException($"found --route {text}, which is an endpoint and a stream: give the path, {string.Join(" or ", found.Select(k => k.Path))}"),
            _ => throw new UserErrorException($"found --route {text}, expected {(known.Count == 0 ? "" : $"one of {string.Join(", ", known.Select(k => $"{k.Name} ({k.Path})"))}, or ")}a path such as /v1/streams/shops/records, or /v1/streams/* for all below{NearestName.Hint(text, [.. known.Select(k => k.Name)])}"),
        };
    }
}
