using System.Text.Json;
using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd.BadInput;

/// <summary>Wrong usage exits 2, names what was meant, and starts nothing.</summary>
public sealed class UsageTests : IDisposable
{
    private readonly Scene _scene = new();

    public UsageTests() => _scene.Rest("http://127.0.0.1:9", "request: { path: /items }\nprimary_key: id");

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("rnu", "run")]
    [InlineData("run --ful", "--full")]
    [InlineData("run itms", "'items'")]
    [InlineData("show itms", "'items'")]
    [InlineData("reset itms", "'items'")]
    [InlineData("failed lst", "list")]
    [InlineData("simulate crn", "'crm'")]
    [InlineData("init crn --dir x", "'crm'")]
    [InlineData("run --allow parkd", "parked")]
    [InlineData("run --limit x", "expected a whole number")]
    [InlineData("run --limit 0", "at least 1")]
    [InlineData("run --full --since 2026-01-01", "give one of them")]
    [InlineData("run --dry-run itms", "'items'")]
    [InlineData("run --log-level loud", "loud")]
    [InlineData("run -c nothing.yaml", "no such file")]
    [InlineData("run -c .", "found a directory")]
    [InlineData("completion bahs", "bash")]
    [InlineData("show", "STREAM")]
    [InlineData("simulate crm --interval soon", "2s")]
    [InlineData("simulate sirene --delay 3-1s", "0-3s")]
    [InlineData("simulate sirene --limiter leaky", "sliding")]
    [InlineData("simulate sirene --limit -3", "-3")]
    [InlineData("simulate enrichment --rubbish 500%", "100%")]
    [InlineData("simulate sirene --scale 2000", "1000")]
    [InlineData("failed list --limit x", "--limit")]
    [InlineData("validate more", "'more'")]
    [InlineData("run items -x", "-x")]
    [InlineData("failed list itms", "'items'")]
    public async Task Wrong_usage_exits_2_and_names_what_is_meant(string arguments, string word)
    {
        var outcome = (await _scene.ToolAsync(arguments.Split(' '))).Exits(2);
        Outcome.Says(outcome.Error, word);
        outcome.Error.ShouldNotContain("   at ");
        outcome.Output.ShouldBeEmpty();
        File.Exists(_scene.Database).ShouldBeFalse();
    }

    [Theory]
    [InlineData("run", 3)]
    [InlineData("run itms", 2)]
    [InlineData("rnu", 2)]
    [InlineData("run --ful", 2)]
    [InlineData("run --dry-run", 3)]
    [InlineData("check", 3)]
    [InlineData("validate -c nothing.yaml", 2)]
    [InlineData("run -c nothing.yaml", 2)]
    [InlineData("show items", 4)]
    [InlineData("show itms", 2)]
    [InlineData("failed show abcd", 2)]
    [InlineData("failed list", 0)]
    [InlineData("reset items", 2)]
    [InlineData("reset items --yes", 0)]
    public async Task Json_keeps_standard_output_one_document_also_on_failure(string arguments, int exitCode)
    {
        var outcome = (await _scene.ToolAsync([.. arguments.Split(' '), "--json"])).Exits(exitCode);
        using var document = JsonDocument.Parse(outcome.Output);
        if (exitCode != 0) outcome.Output.ShouldMatch("\"(error|problems)\":");
    }

    [Fact]
    public async Task Unknown_key_in_the_configuration_names_place_and_nearest_and_all_errors_at_once()
    {
        File.WriteAllText(_scene["tidemark.yaml"], """
            name: x
            sources:
              api: { type: rest, url: "http://127.0.0.1:9", tiemout: 3s }
            destinations:
              db: { type: sqlite, path: out.db }
            streams:
              items: { request: { path: /x }, primary_kay: id, batch: { count: none } }
            """);
        foreach (var command in new[] { "validate", "run", "check" })
        {
            var outcome = (await _scene.ToolAsync(command)).Exits(2);
            Outcome.Says(outcome.Error, "tidemark.yaml:3:", "'timeout'", "tidemark.yaml:7:", "'primary_key'", "none");
        }
    }
}
