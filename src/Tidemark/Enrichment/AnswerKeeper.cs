using System.Collections.Concurrent;

namespace Tidemark.Enrichment;

/// <summary>Keeps answers that come from many tasks: all that wait while a commit is on its way go with the next one.</summary>
internal sealed class AnswerKeeper(IAnswerStore store) : IDisposable
{
    private readonly ConcurrentQueue<KeptAnswer> _waiting = new();
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Keeps the answers of a call. If a commit fails, whoever made it is told; the others' answers were not kept, and are asked for again.</summary>
    public async Task KeepAsync(IEnumerable<KeptAnswer> answers)
    {
        foreach (var answer in answers) _waiting.Enqueue(answer);
        // No token: what was paid for is kept, even when the run is to stop.
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            var some = new List<KeptAnswer>();
            while (_waiting.TryDequeue(out var one)) some.Add(one);
            if (some.Count > 0) await store.KeepAnswersAsync(some, CancellationToken.None);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
