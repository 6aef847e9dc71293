using Tidemark.Runs;
using Tidemark.Tests.Support;

namespace Tidemark.Tests.Runs;

public sealed class StoppedRunTests : IDisposable
{
    private static readonly string[][] Pages = [["""{"id":1}"""], ["""{"id":2}"""], ["""{"id":3}"""]];

    // Append, so that a record that is written twice shows.
    private readonly WriterScene _scene = new() { Stream = new StreamDefinition { Name = "rows", Request = new FakeRequest() } };
    private readonly CancellationTokenSource _stopping = new();

    public void Dispose()
    {
        _stopping.Dispose();
        _scene.Dispose();
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    public async Task Stop_before_the_last_page_commits_what_was_read_and_the_next_run_goes_on(int stopAt, int written)
    {
        (await RunAsync(stopAt)).Status.ShouldBe(RunStatus.Interrupted);
        _scene.Writer.Rows.Count.ShouldBe(written);
        _scene.Writer.Disk.Complete.ShouldBeFalse();
        (await RunAsync(stopAt: -1)).Status.ShouldBe(RunStatus.Succeeded);
        _scene.Writer.Rows.ShouldBe(Pages.SelectMany(p => p));
    }

    [Fact]
    public async Task Stop_at_the_last_page_comes_too_late_the_scan_is_complete()
    {
        (await RunAsync(stopAt: 2)).Status.ShouldBe(RunStatus.Succeeded);
        _scene.Writer.Rows.ShouldBe(Pages.SelectMany(p => p));
        _scene.Writer.Disk.Complete.ShouldBeTrue();
        _scene.Writer.Disk.Resume.ShouldBeNull();
    }

    private async Task<StreamReport> RunAsync(int stopAt)
    {
        var source = new FakeSource(Pages, page =>
        {
            if (page == stopAt) _stopping.Cancel();
        });
        var running = new StreamRun(_scene.Context(), source, _scene.Writer, new RunOptions()).RunAsync(stopAt < 0 ? CancellationToken.None : _stopping.Token);
        await _scene.Time.DriveAsync(running);
        return await running;
    }
}
