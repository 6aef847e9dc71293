using Tidemark.Records;
using Tidemark.Runs;
using Tidemark.Sources;
using Tidemark.Telemetry;
using Tidemark.Tests.Support;

namespace Tidemark.Tests.Runs;

public sealed class FirstAnswerTests
{
    private readonly List<string> _seen = [];

    [Fact]
    public async Task First_page_is_learned_from_before_it_goes_on_and_no_other_is()
    {
        var first = Source((page, _, _) =>
        {
            _seen.Add($"learned {page.Position}");
            return Task.CompletedTask;
        });
        await ReadAsync(first);
        await ReadAsync(first);
        _seen.ShouldBe(["learned 0", "0", "1", "0", "1"]);
        first.Heard.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task Page_that_could_not_be_learned_from_does_not_go_on_and_the_next_one_is_tried()
    {
        var failing = true;
        var first = Source((_, _, _) => failing ? throw new InvalidOperationException("the store is away") : Task.CompletedTask);
        await Should.ThrowAsync<InvalidOperationException>(() => ReadAsync(first));
        (_seen.Count, first.Heard.IsCompleted).ShouldBe((0, false));
        failing = false;
        await ReadAsync(first);
        (_seen.Count, first.Heard.IsCompleted).ShouldBe((2, true));
    }

    private static FirstAnswer Source(Func<Page, DateTimeOffset, CancellationToken, Task> learn) => new(new FakeSource([["{}"], ["{}"]]), learn, new ManualTime());

    private async Task ReadAsync(FirstAnswer source)
    {
        var request = new ReadRequest { Stream = "s", Request = new FakeRequest(), Values = new TemplateValues { Now = default }, Counters = new StreamCounters() };
        await foreach (var page in source.ReadAsync(request, CancellationToken.None))
        {
            using (page) _seen.Add(page.Position!);
        }
    }
}
