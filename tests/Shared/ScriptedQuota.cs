using Tidemark.Quotas;
using Tidemark.Telemetry;

namespace Tidemark.Tests.Shared;

/// <summary>A quota that lets calls through as it is told, and remembers what it was asked for and what became of each permit.</summary>
internal sealed class ScriptedQuota : IQuota
{
    private readonly Lock _lock = new();
    private readonly List<QuotaRequest> _asked = [];
    private readonly List<QuotaAnswer> _settled = [];

    public QuotaSignals Signals { get; init; } = QuotaSignals.RetryAfter | QuotaSignals.Headers;

    public TimeSpan ParkAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Done before a permit is given; it may throw, wait, or move the clock.</summary>
    public Func<int, CancellationToken, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>How long the n-th call, from 1, has waited.</summary>
    public Func<int, TimeSpan> Wait { get; set; } = _ => TimeSpan.Zero;

    /// <summary>Lets that time pass.</summary>
    public Action<TimeSpan> Pass { get; set; } = _ => { };

    /// <summary>Whether the n-th permit, from 1, may still be used.</summary>
    public Func<int, bool> Fresh { get; set; } = _ => true;

    public IReadOnlyList<QuotaRequest> Asked
    {
        get
        {
            lock (_lock) return [.. _asked];
        }
    }

    public IReadOnlyList<QuotaAnswer> Settled
    {
        get
        {
            lock (_lock) return [.. _settled];
        }
    }

    public QuotaAnswer? Last => Settled is [.., var last] ? last : null;

    public IReadOnlyList<QuotaAnswer> Sent => [.. Settled.Where(s => s.Sent)];

    public async Task<IQuotaPermit> TakeAsync(QuotaRequest request, CancellationToken cancellationToken)
    {
        int number;
        lock (_lock)
        {
            _asked.Add(request);
            number = _asked.Count;
        }
        await Before(number, cancellationToken);
        if (Wait(number) is var wait && wait > TimeSpan.Zero)
        {
            request.OnWait();
            Pass(wait);
        }
        return new Permit(this, wait, Fresh(number));
    }

    public Task<long> TakeRecordsAsync(string stream, long count, CancellationToken cancellationToken) => Task.FromResult(count);

    public Task ReturnRecordsAsync(string stream, long count, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Holds that each permit was settled once, and that the quota, the counters and the server count the same calls.</summary>
    /// <param name="counters">The counters.</param>
    /// <param name="served">What the server saw.</param>
    public void ShouldAgree(StreamCounters counters, long served)
    {
        Settled.Count.ShouldBe(Asked.Count);
        Sent.Count.ShouldBe((int)served);
        counters[Counter.Requests].ShouldBe(served);
    }

    private sealed class Permit(ScriptedQuota quota, TimeSpan waited, bool fresh) : IQuotaPermit
    {
        private int _settled;

        public TimeSpan Waited => waited;

        public bool IsFresh => fresh;

        public void Settle(QuotaAnswer answer)
        {
            Interlocked.Increment(ref _settled).ShouldBe(1, "a permit is settled once");
            lock (quota._lock) quota._settled.Add(answer);
        }
    }
}
