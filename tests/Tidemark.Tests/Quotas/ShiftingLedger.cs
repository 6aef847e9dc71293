using Tidemark.Quotas;

namespace Tidemark.Tests.Quotas;

/// <summary>A ledger whose clock can be set, that fails when it is told, and that counts its transactions.</summary>
internal sealed class ShiftingLedger(TimeProvider time) : IQuotaLedger
{
    private readonly MemoryLedger _inner = new(time);

    public TimeSpan ClockError { get; set; }

    public Exception? Error { get; set; }

    public int Updates { get; private set; }

    /// <summary>What each transaction waits for.</summary>
    public Task Open { get; set; } = Task.CompletedTask;

    public async Task UpdateQuotaAsync(string quota, Func<string?, DateTimeOffset, string?> change, CancellationToken cancellationToken)
    {
        await Open;
        if (Error is { } error) throw error;
        await _inner.UpdateQuotaAsync(quota, (state, now) => change(state, now + ClockError), cancellationToken);
        lock (_inner) Updates++;
    }

    public QuotaState Read(string quota)
    {
        QuotaState? read = null;
        _ = _inner.UpdateQuotaAsync(quota, (state, _) =>
        {
            read = QuotaStateText.Read(state);
            return null;
        }, default);
        return read!;
    }
}
