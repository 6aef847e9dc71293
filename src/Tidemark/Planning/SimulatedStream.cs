using Tidemark.Quotas;

namespace Tidemark.Planning;

/// <summary>A stream of a simulated run: its readings, some side by side, share quota, enrichment and what is noted of waits.</summary>
internal sealed class SimulatedStream
{
    private readonly StreamWork _work;
    private readonly QuotaRequest _request;
    private readonly Action _ended;
    private readonly long _latency;
    private readonly long _turn;
    private long _answered;
    private long _reading;
    private int _begun;
    private int _running;
    private long _blocked;
    private long _lastArrival;

    public SimulatedStream(StreamWork work, IReadOnlyDictionary<string, SimulatedQuota> quotas, VirtualClock clock, Action ended)
    {
        (_work, Clock, _ended) = (work, clock, ended);
        Quota = work.Quota is { } name ? quotas[name] : null;
        Slots = work.Asks is { Questions: > 0 } asks ? new SimulatedSlots(asks, work.Stream, asks.Quota is { } other ? quotas[other] : null, clock) : null;
        _request = new QuotaRequest { Stream = work.Stream, Cost = work.Cost, Priority = work.Priority, Timeout = work.Latency };
        (_latency, _turn) = (QuotaTimeline.Of(work.Latency), Math.Max(QuotaTimeline.Of(work.Turn), QuotaTimeline.Of(work.Latency)));
        _answered = Math.Max(0, work.Readings.Sum(r => r.Records + r.Backlog) - (work.Asks?.Questions ?? 0));
    }

    public VirtualClock Clock { get; }

    /// <summary>The quota of its calls; null: none.</summary>
    public SimulatedQuota? Quota { get; }

    /// <summary>Where questions about its records are asked; null: none are.</summary>
    public SimulatedSlots? Slots { get; }

    /// <summary>What its calls for pages have waited for.</summary>
    public WaitLog Waits { get; } = new();

    /// <summary>Calls for pages.</summary>
    public long Calls { get; private set; }

    /// <summary>When it began, and when it ended; null: it has not.</summary>
    public (long BeganAt, long? EndedAt) Times { get; private set; }

    public void Begin()
    {
        Times = (Clock.Now, null);
        _lastArrival = Clock.Now;
        _running = 1;
        var side = Math.Min(_work.Parallel, _work.Readings.Count);
        for (var i = 0; i < side; i++) BeginNext();
        EndOne();
    }

    /// <summary>Awaits the answer of a call that is on its way: nobody knows since when.</summary>
    public void AwaitAnswer(long records, Action arrived) => Arrive(TurnOf(records), arrived);

    /// <summary>Sends a call for a page when the quota lets it through.</summary>
    public void Send(long records, Action arrived)
    {
        var turn = TurnOf(records);
        if (Quota is null || !_work.MakesCalls) Sent(null, turn, arrived);
        else Quota.Take(new SimulatedCall(_request, Waits, id => Sent(id, turn, arrived)));
    }

    /// <summary>How many questions are asked about the next records: those about the first ones are answered already.</summary>
    public long QuestionsAbout(long records)
    {
        if (Slots is null) return 0;
        var answered = Math.Min(records, _answered);
        _answered -= answered;
        return records - answered;
    }

    /// <summary>Microseconds that writing some records takes.</summary>
    public long WritingTime(long records) => QuotaTimeline.Of(records * _work.WriteEach);

    /// <summary>A reading had to wait for what comes behind it.</summary>
    public void NoteBlocked(long microseconds) => _blocked += microseconds;

    /// <summary>What took most of the time; null: nothing took any.</summary>
    public Bottleneck? Bottleneck()
    {
        var side = Math.Max(1, Math.Min(_work.Parallel, _work.Readings.Count));
        var behind = (_blocked / side) + (Times.EndedAt - _lastArrival ?? 0);
        var reading = _reading / side;
        var (name, kind, about, waited) = Waits.Longest.FirstOrDefault();
        waited /= side;
        if (waited + reading + behind == 0) return null;
        if (waited >= reading && waited >= behind) return Planning.Bottleneck.OfQuota(name, kind, about);
        if (reading >= behind) return new Bottleneck(_work.MakesCalls ? BottleneckKind.Calls : BottleneckKind.Source, null, "");
        if (Slots is not { Asked: > 0 }) return new Bottleneck(BottleneckKind.Destination, null, "");
        var (askName, askKind, askAbout, askWaited) = Slots.Waits.Longest.FirstOrDefault();
        return askWaited > Slots.Busy ? Planning.Bottleneck.OfQuota(askName, askKind, askAbout) : new Bottleneck(BottleneckKind.Enrichment, null, "");
    }

    private void BeginNext()
    {
        if (_begun == _work.Readings.Count) return;
        _running++;
        new SimulatedReading(_work.Readings[_begun++], this, () =>
        {
            BeginNext();
            EndOne();
        }).Begin();
    }

    private void EndOne()
    {
        if (--_running > 0) return;
        Times = (Times.BeganAt, Clock.Now);
        _ended();
    }

    private void Sent(long? id, long turn, Action arrived)
    {
        if (_work.MakesCalls) Calls++;
        if (id is { } call) Clock.After(_latency, () => Quota!.Settle(call));
        Arrive(turn, arrived);
    }

    private long TurnOf(long records) => _work.MakesCalls ? _turn : QuotaTimeline.Of(records * _work.ReadEach);

    private void Arrive(long turn, Action arrived)
    {
        _reading += turn;
        Clock.After(turn, () =>
        {
            _lastArrival = Clock.Now;
            arrived();
        });
    }
}
