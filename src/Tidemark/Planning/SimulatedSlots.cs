using Tidemark.Quotas;

namespace Tidemark.Planning;

/// <summary>The slots of a stream's enrichment: so many questions are under way at once.</summary>
internal sealed class SimulatedSlots(AskWork work, string stream, SimulatedQuota? quota, VirtualClock clock)
{
    /// <summary>So many questions are asked one by one.</summary>
    private const long Exact = 50_000;

    private readonly Queue<Action> _waiting = new();
    private readonly long _each = QuotaTimeline.Of(work.Each);
    private int _free = work.Parallel;

    /// <summary>
    /// How many questions a slot asks as if they were one, where there are very many: one after the other, so that slots are busy as long. At most a twentieth of what the quota allows at once.
    /// </summary>
    public long Together { get; } = Math.Max(1, Math.Min(work.Questions / Exact, (long)((quota?.AtOnce ?? double.MaxValue) / 20 / Math.Max(work.Cost, 1e-6))));

    /// <summary>What its calls have waited for.</summary>
    public WaitLog Waits { get; } = new();

    /// <summary>How many questions were asked.</summary>
    public long Asked { get; private set; }

    /// <summary>Microseconds that these took, waits excepted.</summary>
    public long Busy => Asked * _each;

    /// <summary>True if there is a slot; it is taken then.</summary>
    public bool TryTake() => _free > 0 && _free-- > 0;

    /// <summary>Calls when there may be a slot.</summary>
    public void WhenFree(Action action) => _waiting.Enqueue(action);

    /// <summary>Asks in a slot that was taken, and gives the slot back with the answers.</summary>
    public void Ask(long questions, Action answered)
    {
        Asked += questions;
        var span = questions * _each;
        if (quota is null)
        {
            clock.After(span, () => End(answered));
            return;
        }
        var request = new QuotaRequest { Stream = stream, Cost = questions * work.Cost, Timeout = work.Each };
        quota.Take(new SimulatedCall(request, Waits, id =>
        {
            clock.After(_each, () => quota.Settle(id));
            clock.After(span, () => End(answered));
        }));
    }

    private void End(Action answered)
    {
        _free++;
        answered();
        if (_free > 0 && _waiting.TryDequeue(out var next)) next();
    }
}
