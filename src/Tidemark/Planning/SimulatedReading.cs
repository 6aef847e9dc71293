using Tidemark.Quotas;

namespace Tidemark.Planning;

/// <summary>
/// One reading of a stream, as runs do it: a task asks for a page and, when it is decided on, for the next one; its records are enriched, and written in their order. It is ahead of enrichment by three
/// pages at most.
/// </summary>
internal sealed class SimulatedReading(ReadingWork work, SimulatedStream stream, Action ended)
{
    private const int MostAhead = 3;

    private readonly Queue<SimulatedPage> _ahead = new();
    private readonly Queue<SimulatedPage> _open = new();
    private long _pages = work.Pages;
    private long _records = work.Records;
    private long _rest = work.Rest;
    private long _inHand;
    private long _takenAt;
    private SimulatedPage? _asking;
    private int _notAsked;
    private long? _blockedAt;
    private long _writtenAt;

    public void Begin()
    {
        if (work.Backlog > 0) Hand(work.Backlog);
        if (!work.IsAsked) Next();
        else
        {
            // It was asked for with one record allowed.
            if (stream.Quota is { HasRecords: true }) (_inHand, _takenAt) = (1, stream.Clock.Now);
            stream.AwaitAnswer(OnPage, Arrive);
        }
    }

    // Records of the next page that are wanted: a page that a budget has cut is read again for what is left of it.
    private long OnPage => Math.Min(_rest > 0 ? _rest : work.PageLength, _records);

    private void Next()
    {
        if (_pages <= 0)
        {
            EndIfDone();
            return;
        }
        if (_notAsked >= MostAhead)
        {
            _blockedAt = stream.Clock.Now;
            return;
        }
        // One record has to be allowed before a page is asked for.
        if (TakeRecords(1) is { } delay) stream.Quota!.Wait(delay, stream.Waits, Next);
        else stream.Send(OnPage, Arrive);
    }

    private void Arrive()
    {
        var wanted = OnPage;
        var delay = TakeRecords(wanted + (_pages > 1 ? 1 : 0));
        var allowed = Math.Min(wanted, _inHand);
        if (stream.Quota is { HasRecords: true }) _inHand -= allowed;
        _records -= allowed;
        _rest = wanted - allowed;
        if (_rest == 0) _pages--;
        Hand(allowed);
        if (delay is null || _pages <= 0) Next();
        else stream.Quota!.Wait(delay, stream.Waits, Next);
    }

    // Null: there are so many in hand now. A budget gives what it has.
    private QuotaDelay? TakeRecords(long wanted)
    {
        if (stream.Quota is not { HasRecords: true } quota)
        {
            _inHand = long.MaxValue;
            return null;
        }
        if (wanted <= _inHand) return null;
        var (taken, delay) = quota.TakeRecords(wanted - _inHand);
        if (taken > 0) (_inHand, _takenAt) = (_inHand + taken, stream.Clock.Now);
        return delay;
    }

    private void Hand(long records)
    {
        if (records == 0) return;
        var page = new SimulatedPage(records, stream.QuestionsAbout(records));
        _notAsked++;
        _open.Enqueue(page);
        _ahead.Enqueue(page);
        if (_asking is null) Ask();
    }

    private void Ask()
    {
        while (_asking is not null || _ahead.TryDequeue(out _asking))
        {
            var page = _asking;
            while (page.ToAsk > 0 && stream.Slots!.TryTake())
            {
                var questions = Math.Min(page.ToAsk, stream.Slots.Together);
                page.ToAsk -= questions;
                page.Asked++;
                stream.Slots.Ask(questions, () =>
                {
                    page.Asked--;
                    Write();
                });
            }
            if (page.ToAsk > 0)
            {
                stream.Slots!.WhenFree(Ask);
                return;
            }
            _asking = null;
            _notAsked--;
            Write();
            if (_blockedAt is not { } since) continue;
            _blockedAt = null;
            stream.NoteBlocked(stream.Clock.Now - since);
            stream.Clock.After(0, Next);
        }
    }

    private void Write()
    {
        while (_open.TryPeek(out var page) && page is { ToAsk: 0, Asked: 0 } && page != _asking)
        {
            _open.Dequeue();
            _writtenAt = Math.Max(_writtenAt, stream.Clock.Now) + stream.WritingTime(page.Records);
        }
        EndIfDone();
    }

    private void EndIfDone()
    {
        if (_pages != 0 || _open.Count > 0) return;
        // Once only.
        _pages = -1;
        if (_inHand > 0 && stream.Quota is { HasRecords: true } quota) quota.ReturnRecords(_inHand, _takenAt);
        stream.Clock.After(_writtenAt - stream.Clock.Now, ended);
    }
}
