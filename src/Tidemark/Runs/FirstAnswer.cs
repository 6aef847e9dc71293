using System.Runtime.CompilerServices;
using Tidemark.Records;
using Tidemark.Sources;

namespace Tidemark.Runs;

/// <summary>A source whose first answer is learned from before anybody else sees it. Whoever opened the source disposes it.</summary>
/// <param name="source">The source.</param>
/// <param name="learn">Takes the first page, and when it was asked for; the page goes on when this has ended. It is called once, if it does not throw.</param>
/// <param name="time">The clock.</param>
internal sealed class FirstAnswer(ISource source, Func<Page, DateTimeOffset, CancellationToken, Task> learn, TimeProvider time) : ISource
{
    private readonly TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when it was learned from. Until then one task at a time may read.</summary>
    public Task Heard => _heard.Task;

    public async IAsyncEnumerable<Page> ReadAsync(ReadRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var askedAt = time.GetUtcNow();
        await foreach (var page in source.ReadAsync(request, cancellationToken))
        {
            if (!Heard.IsCompleted) await LearnAsync(page, askedAt, cancellationToken);
            yield return page;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task LearnAsync(Page page, DateTimeOffset askedAt, CancellationToken cancellationToken)
    {
        try
        {
            await learn(page, askedAt, cancellationToken);
            _heard.TrySetResult();
        }
        catch
        {
            page.Dispose();
            throw;
        }
    }
}
