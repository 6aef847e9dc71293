namespace Tidemark.Quotas;

/// <summary>A ledger for runs without a store: what it knows ends with it.</summary>
internal sealed class MemoryLedger(TimeProvider time) : IQuotaLedger
{
    private readonly Dictionary<string, string> _states = new(StringComparer.Ordinal);

    public Task UpdateQuotaAsync(string quota, Func<string?, DateTimeOffset, string?> change, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_states)
        {
            if (change(_states.GetValueOrDefault(quota), time.GetUtcNow()) is { } state) _states[quota] = state;
        }
        return Task.CompletedTask;
    }
}
