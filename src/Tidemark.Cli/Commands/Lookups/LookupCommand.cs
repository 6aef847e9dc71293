using System.CommandLine;
using Tidemark.Cli.Hosting;
using Tidemark.Definitions;
using Tidemark.Lookups.Asking;
using Tidemark.Runs;

namespace Tidemark.Cli.Commands.Lookups;

internal static class LookupCommand
{
    public static Command Create() =>
        new Command("lookup", "Look at kept answers: how often they are served, what that saves; delete them.") { LookupStats.Create(), LookupPurge.Create() }.WithExamples("""
            tidemark lookup stats
            tidemark lookup purge                answers past their time
            tidemark lookup purge scores --all   all answers of one lookup
            """);

    /// <summary>Does something with lookups, all or those of some names; nothing is called.</summary>
    /// <returns>What was answered of each, in order.</returns>
    public static async Task<IReadOnlyList<T>> ForEachAsync<T>(ParseResult arguments, IReadOnlyList<string> names, Func<Lookup, Task<T>> use, CancellationToken stopping)
    {
        var project = Project.Load(arguments.GetValue(GlobalOptions.Config)!);
        var known = project.Pipeline.Lookups.Select(l => l.Name).ToList();
        if (names.FirstOrDefault(n => !known.Contains(n, StringComparer.Ordinal)) is { } unknown) throw new UserErrorException($"no lookup is called '{unknown}'{NearestName.Hint(unknown, known)}");
        await using var store = await project.OpenStoreAsync(stopping);
        await using var lookups = new PipelineLookups(project.Pipeline, store, destinationOf: null, TimeProvider.System, new Random());
        var results = new List<T>();
        foreach (var lookup in lookups.All.Where(l => names.Count == 0 || names.Contains(l.Definition.Name, StringComparer.Ordinal))) results.Add(await use(lookup));
        return results;
    }
}
