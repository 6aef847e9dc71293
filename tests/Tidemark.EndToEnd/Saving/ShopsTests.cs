using System.Diagnostics;
using System.Globalization;
using MyScraper;
using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd.Saving;

/// <summary>The scrapers of docs/shops.md, as they stand there.</summary>
public sealed class ShopsTests
{
    private const string Expected =
        "Fashion Forward Store https://fashion.example 890 8500|Home & Garden Plus https://garden.example 567 9800|TestShop Electronics https://testshop.example 1250 5000";

    [Theory]
    [InlineData("sh", "sh", "scraper.sh")]
    [InlineData("python", "python3", "scraper.py")]
    [InlineData("js", "node", "scraper.mjs")]
    public async Task Scraper_of_the_docs_saves_its_shops(string language, string program, string file)
    {
        var path = Path.Combine(Repository.Root, "recipes", "shops", file);
        Docs.Text("shops.md").ShouldContain($"```{language}\n{await File.ReadAllTextAsync(path)}```");
        using var scene = new Scene();
        for (var run = 0; run < 2; run++)
        {
            var (exitCode, output) = await RunAsync(scene, program, path);
            exitCode.ShouldBe(0, output);
        }
        Shops(scene["shops.db"]).ShouldBe(Expected);
    }

    [Fact]
    public async Task Program_of_the_docs_saves_its_shops()
    {
        var source = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "tests", "Tidemark.EndToEnd", "Saving", "ShopsExample.cs"));
        var example = source[(source.IndexOf('\n', StringComparison.Ordinal) + 1)..source.IndexOf("#endregion", StringComparison.Ordinal)];
        Docs.Text("shops.md").ShouldContain($"```csharp\n{example}```");
        using var scene = new Scene();
        var statistics = await Scraper.SaveAsync(FoundAsync(), scene["shops.db"], default);
        (statistics.Inserted, statistics.Batches).ShouldBe((3, 1));
        Shops(scene["shops.db"]).ShouldBe(Expected);
    }

    [Fact]
    public async Task Recipe_takes_the_same_lines()
    {
        using var scene = new Scene();
        (await scene.ToolAsync("init", "shops")).Exits(0);
        using var tool = scene.Start("run", "--json");
        for (var i = 0; i < 25; i++) await tool.Input.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $$"""{"url":"https://{{i}}.example","name":"Shop {{i}}"}"""));
        tool.Input.Close();
        var outcome = new Outcome(await tool.EndAsync()).Exits(0);
        (outcome.Count("inserted", "shops"), outcome.Count("commits", "shops")).ShouldBe((25, 3));
    }

    private static string Shops(string database) => string.Join('|', Database.Query(database, "select name, url, products, monthly_visits from shops order by name").Select(r => string.Join(' ', r.Values)));

    private static async IAsyncEnumerable<Shop> FoundAsync()
    {
        await Task.Yield();
        var at = new DateTimeOffset(2026, 1, 10, 12, 0, 0, TimeSpan.Zero);
        yield return new Shop("TestShop Electronics", "https://testshop.example", 1250, 5000, "active", at);
        yield return new Shop("Fashion Forward Store", "https://fashion.example", 890, 8500, "active", at);
        yield return new Shop("Home & Garden Plus", "https://garden.example", 567, 9800, "active", at);
    }

    // With a `tidemark` on the path, as a user has one.
    private static async Task<(int ExitCode, string Output)> RunAsync(Scene scene, string program, string path)
    {
        var launcher = scene.File("tidemark", $"#!/bin/sh\nexec {Tool.ShellCommand} \"$@\"\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(launcher, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, [path]) { UseShellExecute = false, WorkingDirectory = scene.Path, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        process.StartInfo.Environment["PATH"] = $"{scene.Path}:{Environment.GetEnvironmentVariable("PATH")}";
        process.Start();
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await error);
    }
}
