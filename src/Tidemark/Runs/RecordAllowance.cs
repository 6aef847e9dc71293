using Tidemark.Quotas;

namespace Tidemark.Runs;

/// <summary>The records that the budgets of a stream's quota let it take. It holds one more than it needs, so that no page is called for of which no record may be taken.</summary>
internal sealed class RecordAllowance(IQuota? quota, string stream)
{
    private long _inHand;

    /// <summary>How many were taken from the budgets.</summary>
    public long Taken { get; private set; }

    /// <summary>Waits until a record may be taken.</summary>
    /// <exception cref="ParkedException">The wait is too long.</exception>
    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        if ((await TakeAsync(0, goesOn: true, cancellationToken)).Ended is { } ended) throw ended;
    }

    /// <summary>Takes the records of a page.</summary>
    /// <param name="wanted">How many.</param>
    /// <param name="goesOn">True if another page follows: one of its records is held then.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many may be handed on, and why these are not all, or why none is left for the next page: the wait is too long, or the run is stopped.</returns>
    public async Task<(long Count, Exception? Ended)> TakeAsync(long wanted, bool goesOn, CancellationToken cancellationToken)
    {
        if (quota is null) return (wanted, null);
        Exception? ended = null;
        try
        {
            while (wanted + (goesOn ? 1 : 0) - _inHand is > 0 and var lacking)
            {
                var more = await quota.TakeRecordsAsync(stream, lacking, cancellationToken);
                _inHand += more;
                Taken += more;
            }
        }
        catch (Exception e) when (e is ParkedException or OperationCanceledException)
        {
            ended = e;
        }
        var had = Math.Min(wanted, _inHand);
        _inHand -= had;
        return (had, ended);
    }

    /// <summary>Gives back what was neither committed nor failed.</summary>
    /// <param name="used">How many were.</param>
    public Task ReturnAsync(long used) => quota is null || Taken <= used ? Task.CompletedTask : quota.ReturnRecordsAsync(stream, Taken - used, CancellationToken.None);
}
