using Tidemark.Destinations;

namespace Tidemark.Saving;

/// <summary>What becomes of a batch, for all who have an item in it.</summary>
internal sealed class Ticket
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WrittenRecord[] _outcomes = [];
    private IReadOnlyDictionary<int, string> _rejected = new Dictionary<int, string>();

    /// <summary>Completes when the batch is on disk; fails if it could not be written.</summary>
    public Task Done => _done.Task;

    public async Task<WrittenRecord> OutcomeOfAsync(int index)
    {
        await _done.Task;
        return _rejected.TryGetValue(index, out var reason) ? throw new ItemRejectedException(reason) : _outcomes[index];
    }

    public void Complete(WrittenRecord[] outcomes, IReadOnlyDictionary<int, string> rejected)
    {
        (_outcomes, _rejected) = (outcomes, rejected);
        _done.SetResult();
    }

    public void Fail(Exception e)
    {
        _done.SetException(e);
        // Nobody has to look.
        _ = _done.Task.Exception;
    }
}
