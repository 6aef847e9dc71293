using Tidemark.EndToEnd.Support;
using Tidemark.Simulators;

namespace Tidemark.EndToEnd;

/// <summary><c>slices: { by: pages }</c>: the pages of one list, shared out.</summary>
public sealed class PageSlicesTests : IAsyncLifetime, IDisposable
{
    /// <summary>34 969 communes, 500 a page.</summary>
    private const int Pages = 70;

    private readonly Scene _scene = new();
    private RunningSimulator _simulator = null!;

    public async Task InitializeAsync() => _simulator = await RunningSimulator.StartAsync("communes", new SimulatorOptions(), CancellationToken.None);

    public async Task DisposeAsync() => await _simulator.DisposeAsync();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("page", "{ type: page_number, page_size: 500, page_size_param: per_page, total_path: total }", "primary_key: code")]
    [InlineData("offset", "{ type: offset, page_size: 500, total_path: total, overlap: false }", "write_disposition: append")]
    [Trait("guarantee", "G94")]
    public async Task Pages_are_shared_out_and_each_is_asked_for_once(string path, string paginator, string keys)
    {
        Configure(path, paginator, keys);
        (await _scene.RunAsync("--limit", "9700")).Exits(0);
        var outcome = (await _scene.RunAsync()).Exits(0);
        outcome.Stream().GetProperty("slices").GetRawText().ShouldBe("""{"total":12,"pending":0,"done":12,"failed":0}""");
        // The page in which the limit fell is asked for by both runs.
        _simulator.Calls.Total.ShouldBe(Pages + 1);
        await _scene.EqualsTruthAsync(_simulator, "communes", "code");

        // Each run reads everything: another import, shared out again.
        if (keys.StartsWith("primary_key", StringComparison.Ordinal)) (await _scene.RunAsync()).Exits(0).Count("unchanged").ShouldBe(34_969);
    }

    [Fact]
    public async Task Overlapping_pages_are_shared_out_too()
    {
        Configure("offset", "{ type: offset, page_size: 500, total_path: total }", "write_disposition: append");
        (await _scene.RunAsync()).Exits(0).Warnings.ShouldBeEmpty();
        await _scene.EqualsTruthAsync(_simulator, "communes", "code");
    }

    [Fact]
    [Trait("guarantee", "G94")]
    public async Task List_that_grows_at_its_front_while_its_slices_are_read_loses_nothing_that_was_there()
    {
        var before = await Truth.RecordsAsync(_simulator, "communes");
        Configure("page", "{ type: page_number, page_size: 500, page_size_param: per_page, total_path: total }", "primary_key: code", parallel: 8, parameters: ", params: { sort: updated_at.desc }");
        // Each call finds one more record before all others: those behind move to later places, over the borders of slices that are read side by side.
        await Scene.FaultAsync(_simulator, $"kind=grow&count=1000");
        (await _scene.RunAsync()).Exits(0);
        Truth.Differences(before, _scene.Database, Scene.Stream, "code").Where(d => d.Contains("lacks", StringComparison.Ordinal)).ShouldBeEmpty();
        (_simulator.Calls.Total - Pages).ShouldBeGreaterThan(0, "slices that read on by what the list has grown, or this proves nothing");
    }

    [Fact]
    public async Task Slices_of_another_size_begin_anew()
    {
        Configure("page", "{ type: page_number, page_size: 500, page_size_param: per_page, total_path: total }", "primary_key: code");
        (await _scene.RunAsync("--limit", "9700")).Exits(0);
        Configure("page", "{ type: page_number, page_size: 1000, page_size_param: per_page, total_path: total }", "primary_key: code");
        (await _scene.RunAsync()).Exits(0);
        await _scene.EqualsTruthAsync(_simulator, "communes", "code");
    }

    [Fact]
    public async Task After_the_import_the_list_is_read_as_a_whole_for_what_is_new()
    {
        Configure("page", "{ type: page_number, page_size: 500, page_size_param: per_page, total_path: total }", "primary_key: code\nincremental: { cursor_field: updated_at, row_order: desc }", parameters: ", params: { sort: updated_at.desc }");
        (await _scene.RunAsync()).Exits(0).Count("inserted").ShouldBe(34_969);
        await _simulator.AdvanceAsync("day");
        var calls = _simulator.Calls.Total;
        var second = (await _scene.RunAsync()).Exits(0);
        (_simulator.Calls.Total - calls).ShouldBe(1);
        second.Stream().GetProperty("stopped_early").GetBoolean().ShouldBeTrue();
        await _scene.EqualsTruthAsync(_simulator, "communes", "code");
    }

    [Fact]
    public async Task What_can_t_be_shared_out_is_told_with_its_place()
    {
        Configure("cursor", "{ type: cursor, cursor_path: next_cursor }", "primary_key: code");
        Outcome.Says((await _scene.ToolAsync("validate")).Exits(2).Error + (await _scene.ToolAsync("validate")).Output,
            "tidemark.yaml:16:19: found by: pages, but with this paginator each page is found by the one before, so none can be entered: cut by list or by range");
        Configure("page", "{ type: page_number, page_size: 500, page_size_param: per_page }", "primary_key: code");
        Outcome.Says((await _scene.ToolAsync("validate")).Exits(2).Error + (await _scene.ToolAsync("validate")).Output, "slices by pages have to know how many there are: say with total_path where the answer tells it");
        Configure("page", "{ type: page_number, page_size: 500, page_size_param: per_page, total_path: totals }", "primary_key: code");
        Outcome.Says((await _scene.RunAsync()).Exits(3).StreamError(), "the first answer has no number at total_path");
        _scene.HasNoTable().ShouldBeTrue();
    }

    private void Configure(string path, string paginator, string keys, int parallel = 4, string parameters = "") => _scene.Rest(Scene.Url(_simulator), $$"""
        request: { path: /communes/{{path}}{{parameters}} }
        records: communes
        paginator: {{paginator}}
        slices: { by: pages, step: 6, parallel: {{parallel}} }
        {{keys}}
        """);
}
