using System.Globalization;
using Tidemark.EndToEnd.Support;
using Tidemark.Simulators;

namespace Tidemark.EndToEnd.BadInput;

/// <summary>Records that are inserted, updated and deleted at the source while it is paged.</summary>
public sealed class MovingSourceTests : IDisposable
{
    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("/communes/cursor", "{ type: cursor, cursor_path: next_cursor, page_size: 1000, page_size_param: limit }", "updated_at.asc", "asc")]
    [InlineData("/communes/cursor", "{ type: cursor, cursor_path: next_cursor, page_size: 1000, page_size_param: limit }", "updated_at.desc", "desc")]
    [InlineData("/communes/next", "{ type: next_url, next_url_path: next }", "code", "none")]
    [InlineData("/communes/offset", "{ type: offset, page_size: 1000 }", "code", "none")]
    [InlineData("/communes/page", "{ type: page_number, page_size: 1000, page_size_param: per_page }", "code", "none")]
    public async Task Source_that_changes_while_it_is_paged_is_mirrored_in_the_end(string path, string paginator, string sort, string order)
    {
        await using var communes = await RunningSimulator.StartAsync("communes", new SimulatorOptions(), CancellationToken.None);
        var limit = path.EndsWith("next", StringComparison.Ordinal) ? "limit: 1000, " : "";
        _scene.Rest(Scene.Url(communes), $$"""
            request: { path: {{path}}, params: { {{limit}}sort: {{sort}} } }
            records: communes
            primary_key: code
            paginator: {{paginator}}
            incremental: { cursor_field: updated_at, row_order: {{order}} }
            deletions: remove
            """);
        // At every second call a record is inserted, one updated and one deleted.
        for (var i = 0; i < 15; i++) await Scene.FaultAsync(communes, string.Create(CultureInfo.InvariantCulture, $"kind=mutate&after={2 * i}"));
        (await _scene.RunAsync()).Exits(0);
        (await _scene.RunAsync()).Exits(0);
        if (!path.EndsWith("page", StringComparison.Ordinal))
        {
            // What was inserted or updated is there; what was deleted is only told by a full read.
            var truth = (await Truth.RecordsAsync(communes, "communes")).ConvertAll(r => r.GetProperty("code").GetString()!);
            var rows = Database.Query(_scene.Database, "select code from items").ConvertAll(r => (string)r["code"]!);
            truth.Except(rows, StringComparer.Ordinal).ShouldBeEmpty();
            rows.Except(truth, StringComparer.Ordinal).Count().ShouldBeLessThanOrEqualTo(15);
        }
        (await _scene.RunAsync("--full")).Exits(0);
        await _scene.EqualsTruthAsync(communes, "communes", "code");
    }
}
