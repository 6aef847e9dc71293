using System.CommandLine;
using Tidemark.Cli.Hosting;

namespace Tidemark.Cli.Commands;

internal static class InitCommand
{
    private const string Starter = """
        # It runs as it stands: tidemark run, then tidemark show people. Completion in editors: tidemark schema > tidemark.schema.json
        # yaml-language-server: $schema=./tidemark.schema.json
        name: my-mirror
        sources:
          people_source: { type: file, path: people.jsonl }
          # Your API: { type: rest, url: "${API_URL}", authenticator: { type: bearer, token: "${API_TOKEN}" } }
        destinations:
          local: { type: sqlite, path: my-mirror.db }   # PostgreSQL: { type: postgresql, url: "${DATABASE_URL}" }
        streams:
          people:
            # Of an API: request: { path: /people }, records: data, paginator: { type: page_number, page_size: 100, page_size_param: per_page }
            primary_key: id
            incremental: { cursor_field: updated_at }   # where the API sorts by it, newest first, add row_order: desc: runs stop early

        """;

    private const string Sample = """
        {"id":1,"name":"Amélie Dubois","city":"Besançon","updated_at":"2026-01-05T09:30:00Z"}
        {"id":2,"name":"Łukasz Żak","city":"Kraków","updated_at":"2026-01-07T14:00:00Z"}
        {"id":3,"name":"佐藤 花子","city":"京都","updated_at":"2026-01-09T08:15:00Z"}

        """;

    private static readonly Argument<string?> Recipe = new("RECIPE") { Description = "A recipe instead of the smallest configuration.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<DirectoryInfo?> Dir = new("--dir") { Description = "Where; default: here.", HelpName = "DIR" };

    public static Command Create()
    {
        var command = new Command("init", $"Write a tidemark.yaml that runs as it stands, to be changed into yours; or a recipe: {string.Join(", ", Recipes.Names)}.") { Recipe, Dir }.WithExamples("""
            tidemark init && tidemark run
            tidemark init crm --dir mirror
            """);
        command.SetBody((arguments, _, _) =>
        {
            var directory = arguments.GetValue(Dir)?.FullName ?? Directory.GetCurrentDirectory();
            var recipe = arguments.GetValue(Recipe);
            var files = recipe is null
                ? new[] { ("tidemark.yaml", Starter), ("people.jsonl", Sample) }
                : [("tidemark.yaml", Recipes.Read(recipe)), .. Recipes.FilesOf(recipe)];
            Write(directory, files);
            foreach (var (name, _) in files) Console.Error.WriteLine($"wrote {Path.Combine(directory, name)}");
            Console.Error.WriteLine(recipe is null ? $"next: tidemark run{(arguments.GetValue(Dir) is { } chosen ? $" -c {Path.Combine(chosen.ToString(), "tidemark.yaml")}" : "")}" : "next: set the variables that it names, then tidemark check");
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    /// <summary>Writes files, all or none: what is there already is never overwritten.</summary>
    private static void Write(string directory, IReadOnlyCollection<(string Name, string Text)> files)
    {
        if (files.Select(f => Path.Combine(directory, f.Name)).FirstOrDefault(File.Exists) is { } there)
            throw new UserErrorException($"{there} is there already; nothing was written. Take it away, or choose another --dir");
        Directory.CreateDirectory(directory);
        foreach (var (name, text) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(directory, name))!);
            File.WriteAllText(Path.Combine(directory, name), text);
        }
    }
}
