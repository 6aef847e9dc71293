using System.CommandLine;
using Tidemark.Cli.Hosting;
using Tidemark.Definitions;

namespace Tidemark.Cli.Commands.Demos;

internal static class DemoCommand
{
    private static readonly IDemo[] Demos = [new CrmDemo(), new CompaniesDemo(), new ShopsDemo(), new DiscoveryDemo(), new KpiDemo()];
    private static readonly string[] Names = [.. Demos.Select(d => d.Recipe)];

    private static readonly Argument<string> Recipe = new("RECIPE") { Description = $"Which recipe: {string.Join(", ", Names)}.", DefaultValueFactory = _ => Names[0] };
    private static readonly Option<DirectoryInfo> Dir = new("--dir")
    {
        Description = "Where configuration and database go; an earlier demo there is replaced.",
        DefaultValueFactory = _ => new DirectoryInfo("tidemark-demo"),
        HelpName = "DIR",
    };

    public static Command Create()
    {
        var command = new Command("demo", "Run a recipe against its simulated API, from nothing to a report.") { Recipe, Dir }.WithExamples("""
            tidemark demo                a CRM: a first run, a day passes, a second run
            tidemark demo companies      an import under a quota, killed with -9 in the middle and gone on with
            tidemark demo shops          a scraper that saves what it finds, one by one
            tidemark demo discovery      an application asks a metered API: a miss, hits, a stampede, an outage, what a day saves
            tidemark demo kpi            KPIs that are posted to a server, which is killed with -9 meanwhile
            """);
        command.SetBody(async (arguments, terminal, stopping) =>
        {
            var name = arguments.GetValue(Recipe)!;
            var demo = Array.Find(Demos, d => string.Equals(d.Recipe, name, StringComparison.Ordinal))
                ?? throw new UserErrorException($"no demo is called '{name}'{NearestName.Hint(name, Names)}");
            return await demo.RunAsync(DemoScene.Prepare(name, arguments.GetValue(Dir)!, arguments, terminal), stopping);
        });
        return command;
    }
}
