using Tidemark.EndToEnd.Support;
using Tidemark.Simulators;

namespace Tidemark.EndToEnd.BadInput;

/// <summary>What would lose records without a word: each is noticed, or does not lose any.</summary>
public sealed class SilentLossTests : IAsyncLifetime, IDisposable
{
    private readonly Scene _scene = new();
    private RunningSimulator _communes = null!;

    public async Task InitializeAsync() => _communes = await RunningSimulator.StartAsync("communes", new SimulatorOptions(), CancellationToken.None);

    public async Task DisposeAsync() => await _communes.DisposeAsync();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [Trait("guarantee", "G53")]
    [InlineData("deletions: remove")]
    [InlineData("write_disposition: replace\nrefresh: full")]
    public async Task Record_that_moves_to_a_page_read_before_is_not_taken_for_gone(string keys)
    {
        Stream("next_cursor", keys);
        (await _scene.RunAsync("--full", "--limit", "20000")).Exits(0);
        await _communes.AdvanceAsync("day");

        var outcome = (await _scene.RunAsync("--full")).Exits(0);

        outcome.Count("deleted").ShouldBe(0);
        await _scene.EqualsTruthAsync(_communes, "communes", "code");
    }

    [Theory]
    [Trait("guarantee", "G53")]
    [InlineData("deletions: remove")]
    [InlineData("write_disposition: replace\nrefresh: full")]
    public async Task Source_that_changes_as_fast_as_it_is_read_ends_the_run_and_no_row_is_taken_for_gone(string keys)
    {
        Stream("next_cursor", keys);
        (await _scene.RunAsync()).Exits(0);
        await Scene.FaultAsync(_communes, "kind=mutate&count=60");

        var outcome = (await _scene.RunAsync("--full")).Exits(3);

        Outcome.Says(outcome.StreamError(), "changes as fast as it is read", "none was touched");
        outcome.Count("deleted").ShouldBe(0);
        _scene.RowCount().ShouldBeGreaterThanOrEqualTo(34_969);

        // Until it has calmed down.
        for (var runs = 1; outcome.ExitCode == 3; runs++)
        {
            runs.ShouldBeLessThan(10);
            outcome = await _scene.RunAsync("--full");
        }
        // What went while the scan was under way, after it had been read, the next one finds gone.
        outcome.Exits(0);
        (await _scene.RunAsync("--full")).Exits(0);
        await _scene.EqualsTruthAsync(_communes, "communes", "code");
    }

    [Fact]
    public async Task Page_that_is_repeated_where_a_scan_goes_on_does_not_end_it()
    {
        Stream("next_cursor", "");
        (await _scene.RunAsync("--limit", "5000")).Exits(0);
        await Scene.FaultAsync(_communes, "kind=repeat&count=1");

        (await _scene.RunAsync()).Exits(0).Warnings.ShouldHaveSingleItem().ShouldContain("sent the page before once more); the scan starts over");

        await _scene.EqualsTruthAsync(_communes, "communes", "code");
    }

    [Fact]
    public async Task Cursor_path_that_is_nowhere_in_the_answer_is_warned_about()
    {
        Stream("nextCursor", "");

        Outcome.Says((await _scene.ToolAsync("check")).Exits(0).Output, "warning: 'nextCursor'", "correct the paginator's path");
        (await _scene.RunAsync()).Exits(0).Warnings.ShouldHaveSingleItem().ShouldContain("ended with its 1000 records");
    }

    [Fact]
    public async Task Table_that_is_empty_though_the_stream_was_copied_is_warned_about()
    {
        Stream("next_cursor", "");
        (await _scene.RunAsync()).Exits(0);
        Stream("next_cursor", "table: towns");

        (await _scene.RunAsync()).Exits(0).Warnings.ShouldHaveSingleItem().ShouldContain("run items --full");
        (await _scene.RunAsync("--full")).Exits(0);
        await _scene.EqualsTruthAsync(_communes, "communes", "code", "towns");
    }

    [Fact]
    public async Task Reset_to_what_is_no_cursor_value_is_refused_on_a_stream_that_never_ran()
    {
        Stream("next_cursor", "");

        Outcome.Says((await _scene.ToolAsync("reset", Scene.Stream, "--to", "zzzz", "--yes")).Exits(2).Error, "'zzzz'", "cursor_format: text");
    }

    private void Stream(string cursorPath, string keys) => _scene.Rest(Scene.Url(_communes), $$"""
        request: { path: /communes/cursor, params: { sort: updated_at.desc, limit: 1000 } }
        records: communes
        paginator: { type: cursor, cursor_path: {{cursorPath}} }
        primary_key: code
        incremental: { cursor_field: updated_at, row_order: desc }
        {{keys}}
        """);
}
