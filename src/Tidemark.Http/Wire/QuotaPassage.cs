using Tidemark.Quotas;
using Tidemark.Telemetry;

namespace Tidemark.Http.Wire;

/// <summary>The way of each message through the source's quota, right before it is sent.</summary>
/// <param name="quota">The quota; null: messages are not limited.</param>
/// <param name="cost">What a message is expected to cost where its owner says nothing.</param>
/// <param name="timeout">How long it may take.</param>
/// <param name="time">The clock, for waits.</param>
internal sealed class QuotaPassage(IQuota? quota, double cost, TimeSpan timeout, TimeProvider time)
{
    private static readonly QuotaAnswer NotSent = new() { Sent = false };

    /// <summary>What of answers is listened to.</summary>
    public QuotaSignals Signals => quota?.Signals ?? QuotaSignals.None;

    /// <summary>Waits until a message may be sent; it counts as sent from then on. Null: it is stale, and was not sent.</summary>
    /// <param name="owner">For whom.</param>
    /// <param name="isStale">Tells, after the wait, whether the message is not worth sending any more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ParkedException">The wait would be too long.</exception>
    public async ValueTask<PaidCall?> EnterAsync(CallOwner owner, Func<bool> isStale, CancellationToken cancellationToken)
    {
        var expected = owner.Cost ?? cost;
        var permit = quota is null ? null : await TakeAsync(quota, owner, expected, cancellationToken).ConfigureAwait(false);
        if (permit is not null && isStale())
        {
            permit.Settle(NotSent);
            return null;
        }
        owner.Counters.Add(Counter.Requests);
        return new PaidCall(permit, expected, owner.Counters);
    }

    private async Task<IQuotaPermit> TakeAsync(IQuota from, CallOwner owner, double expected, CancellationToken cancellationToken)
    {
        using var wait = new WaitScope(owner.Counters, time);
        var request = new QuotaRequest { Stream = owner.Stream, Cost = expected, Priority = owner.Priority, Timeout = timeout, OnWait = wait.Begin };
        while (true)
        {
            var permit = await from.TakeAsync(request, cancellationToken).ConfigureAwait(false);
            if (permit.IsFresh && !cancellationToken.IsCancellationRequested) return permit;
            permit.Settle(NotSent);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
