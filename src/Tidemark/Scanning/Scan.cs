namespace Tidemark.Scanning;

/// <summary>
/// Decides on each record of a stream by its cursor value: take, skip, stop. Pure: it touches no I/O and knows no clock but what it is given. Owned by one task.
/// </summary>
/// <remarks>
/// <para>A page is decided on as a whole:</para>
/// <para>1. What the values are (times, numbers, text) is settled by the watermark, else by the first page that has any.</para>
/// <para>2. The declared order is checked over the whole page and across pages; once broken, the scan never stops early.</para>
/// <para>3. Each record: without a readable value it is taken, skipped or refused as declared. A value more than a day ahead is taken and never raises the watermark. Below
/// the bound it is skipped or, in descending order, ends the scan. At or above the watermark and known from the last scan, it is a duplicate.</para>
/// <para>4. The watermark that is safe follows. In ascending order it is the largest value seen; where a page holds values of the very moment at which it was answered, more of
/// that moment may still come, so it stays at that moment. In any other order a record that was read early may have been changed while
/// later pages were read, with a value below the largest one seen; but every such change is newer than the source's clock at the first page, than anything on the first page, and than
/// anything that an earlier scan saw. So the safe watermark is the newest value seen that is not newer than one of these three.</para>
/// <para>5. Scans that are parts of one import began at different moments, and a record of one may have been changed while another was read: only what is not newer than the source's clock at
/// the first answer to any of them is safe.</para>
/// </remarks>
public sealed class Scan
{
    private readonly ScanPlan _plan;
    private readonly Action<string> _warn;
    private readonly RememberedRecords _known;
    private readonly CursorPoint? _seenBefore;
    private CursorPoint? _watermark;
    private CursorPoint? _bound;
    private CursorValue? _latest;
    private ScanState _state;

    // The values of the page in hand; kept, as it may be large.
    private readonly List<CursorPoint?> _points = [];

    /// <summary>A scan.</summary>
    /// <param name="plan">What it is asked to do.</param>
    /// <param name="resumed">The state of the same scan when an earlier run left it; null: it begins.</param>
    /// <param name="warn">Takes warnings for the run report, at most one a kind; null: they are dropped.</param>
    public Scan(ScanPlan plan, ScanState? resumed = null, Action<string>? warn = null)
    {
        _plan = plan;
        _warn = warn ?? (static _ => { });
        _state = resumed ?? new ScanState();
        _known = new RememberedRecords();
        if (plan.Incremental is not { } incremental) return;
        var (kind, max, known) = ScanStateJson.ReadBoundary(plan.Boundary);
        var settled = _state.Kind ?? (incremental.CursorFormat == CursorFormat.Auto && kind is not null
            ? kind
            : CursorKinds.Settle(incremental.CursorFormat, plan.Watermark is { } text ? [text] : [], plan.StartedAt));
        _state = _state with { Kind = settled };
        // What was remembered as another kind of value says nothing now.
        (_known, _seenBefore) = kind == settled ? (known, max) : (known.OnlyWithout(), null);
        SetBounds();
        if (resumed is not null) return;
        _state = _watermark is { } watermark ? _state with { Max = watermark, Safe = watermark, Remembered = Retained(watermark) } : _state with { Remembered = _known.OnlyWithout() };
    }

    /// <summary>Where the scan stands.</summary>
    public ScanState State => _state;

    /// <summary>Decides on the records of the next page.</summary>
    /// <param name="cursors">The cursor value of each record as it stands there; null: it has none.</param>
    /// <param name="hash">The hash of a record's content, asked for few of them.</param>
    /// <param name="answeredAt">The source's clock when it answered, or, where it does not tell, ours when the page was asked for.</param>
    /// <exception cref="CursorValueException">A record lacks a cursor value, and that is declared to fail.</exception>
    public PageDecision Decide(IReadOnlyList<string?> cursors, Func<int, UInt128> hash, DateTimeOffset answeredAt)
    {
        var decisions = new Decision[cursors.Count];
        if (_plan.Incremental is not { } incremental) return new PageDecision(decisions, -1, _state);

        // At this point the state belongs to whoever was given it: what this page adds must not show in it.
        _state = _state with { Remembered = _state.Remembered.Snapshot() };
        Settle(incremental, cursors);
        _points.Clear();
        foreach (var cursor in cursors) _points.Add(_state.Kind is { } kind ? CursorPoint.Parse(cursor, kind) : null);
        CheckOrder(incremental.RowOrder);
        var isFirst = _state.StartBound is null;
        _state = _state with { StartBound = _state.StartBound ?? _plan.PartsAnsweredAt ?? answeredAt };
        Raise(isFirst, answeredAt);

        var stoppedAt = -1;
        for (var i = 0; i < decisions.Length; i++)
        {
            if (_points[i] is not { } point)
            {
                decisions[i] = DecideMissing(incremental, cursors[i], i, hash);
            }
            else if (IsFuture(point))
            {
                decisions[i] = DecideFuture(point, i, hash);
            }
            else if (IsBelow(point))
            {
                decisions[i] = Decision.Skip;
                if (incremental.RowOrder != RowOrder.Desc || _state.OrderBroken) continue;
                stoppedAt = i;
                Array.Fill(decisions, Decision.Beyond, i, decisions.Length - i);
                break;
            }
            else
            {
                decisions[i] = DecideValue(point, i, hash);
            }
        }
        return new PageDecision(decisions, stoppedAt, _state);
    }

    private Decision DecideValue(CursorPoint point, int index, Func<int, UInt128> hash)
    {
        var atWatermark = _watermark is { } watermark && point.Value >= watermark.Value;
        var aboveSafe = _state.Safe is not { } safe || point.Value >= safe.Value;
        if (!atWatermark && !aboveSafe) return Decision.Take;
        var content = hash(index);
        if (aboveSafe) _state.Remembered.Add(content, point);
        return atWatermark && _known.Knows(content) ? Decision.Duplicate : Decision.Take;
    }

    private Decision DecideMissing(IncrementalDefinition incremental, string? text, int index, Func<int, UInt128> hash)
    {
        _state = text is null ? _state with { Missing = _state.Missing + 1 } : _state with { Unreadable = _state.Unreadable + 1 };
        if (incremental.OnCursorValueMissing == OnCursorValueMissing.Fail)
        {
            throw new CursorValueException(index, text is null
                ? $"a record has no value in the cursor field '{incremental.CursorField}', and on_cursor_value_missing is fail"
                : $"a record has '{text}' in the cursor field '{incremental.CursorField}', which is no {_state.Kind} like the others, and on_cursor_value_missing is fail");
        }
        if (incremental.OnCursorValueMissing == OnCursorValueMissing.Exclude) return Decision.Skip;
        if (!_plan.Appends) return Decision.Take;
        var content = hash(index);
        _state.Remembered.AddWithout(content);
        return _known.Knows(content) ? Decision.Duplicate : Decision.Take;
    }

    private void Settle(IncrementalDefinition incremental, IReadOnlyList<string?> cursors)
    {
        if (_state.Kind is not null) return;
        _state = _state with { Kind = CursorKinds.Settle(incremental.CursorFormat, cursors.OfType<string>(), _plan.StartedAt) };
        SetBounds();
    }

    private void SetBounds()
    {
        if (_state.Kind is not { } kind) return;
        _latest = CursorValue.Of(_plan.StartedAt + CursorKinds.FutureTolerance, kind);
        _watermark = CursorPoint.Parse(_plan.Watermark, kind);
        if (_plan.Watermark is not null && _watermark is null)
            _warn($"the watermark {_plan.Watermark} is no {kind} like the cursor values now: everything is read");
        var floor = CursorPoint.Parse(_plan.Floor, kind);
        if (_plan.Floor is not null && floor is null)
            throw new CursorValueException(-1, $"found '{_plan.Floor}' as the oldest value to take, expected a {kind} like the values of '{_plan.Incremental!.CursorField}'");
        var from = _watermark;
        if (from is { } watermark && watermark.Value.IsTime) from = watermark with { Value = watermark.Value.Earlier(_plan.Incremental!.LookbackWindow) };
        _bound = CursorPoint.Newest(from, floor);
    }

    private bool IsBelow(CursorPoint point) => _bound is { } bound && point.Value < bound.Value;

    // What the last scan remembered at the watermark is remembered on, as long as the watermark stays.
    private RememberedRecords Retained(CursorPoint watermark)
    {
        var retained = _known.Snapshot();
        retained.Prune(watermark.Value);
        return retained;
    }

    private void CheckOrder(RowOrder order)
    {
        var last = _state.Last;
        var broken = false;
        foreach (var point in _points)
        {
            if (point is not { } next) continue;
            if (last is { } previous)
                broken |= order == RowOrder.Desc ? next.Value > previous.Value : order == RowOrder.Asc && next.Value < previous.Value;
            if (broken && !_state.OrderBroken)
            {
                _warn($"the source's order is not {(order == RowOrder.Desc ? "desc" : "asc")} as declared: {next.Text} came after {last?.Text}; this run reads to the end");
                _state = _state with { OrderBroken = true };
            }
            last = next;
        }
        _state = _state with { Last = last };
    }

    private bool IsFuture(CursorPoint point) => _latest is { } latest && point.Value > latest;

    private Decision DecideFuture(CursorPoint point, int index, Func<int, UInt128> hash)
    {
        if (_state.Future == 0)
            _warn($"the cursor value {point.Text} lies more than a day ahead: the record is taken, but does not raise the watermark{(point.Value.Kind == CursorKind.Time ? "" : " (if it is no time, set cursor_format: integer)")}");
        _state = _state with { Future = _state.Future + 1 };
        if (!_plan.Appends) return Decision.Take;
        var content = hash(index);
        _state.Remembered.Add(content, point);
        return _known.Knows(content) ? Decision.Duplicate : Decision.Take;
    }

    private void Raise(bool isFirst, DateTimeOffset answeredAt)
    {
        if (_state.Kind is not { } kind || NewestOnPage(upTo: null) is not { } max) return;
        _state = _state with { Max = CursorPoint.Newest(_state.Max, max), FirstPageMax = isFirst ? max : _state.FirstPageMax };

        var ascending = _plan.Incremental!.RowOrder == RowOrder.Asc && !_state.OrderBroken && !_plan.IsPart;
        if (ascending && _state.AscendingBound is null && max.Value >= CursorValue.Of(answeredAt, kind))
            _state = _state with { AscendingBound = answeredAt };
        var safe = CursorPoint.Newest(_state.Safe, Trusted(ascending ? _state.AscendingBound : _state.StartBound, kind, max));
        if (!ascending && !_plan.IsPart) safe = CursorPoint.Newest(CursorPoint.Newest(safe, _state.FirstPageMax), _seenBefore);
        if (safe is not { } raised || (_state.Safe is { } before && raised.Value <= before.Value)) return;
        _state = _state with { Safe = raised };
        _state.Remembered.Prune(raised.Value);
    }

    // Only times can be told from what came after the bound.
    private CursorPoint? Trusted(DateTimeOffset? bound, CursorKind kind, CursorPoint max) =>
        bound is not { } time ? max : CursorValue.Of(time, kind) is { } latest ? NewestOnPage(latest) : null;

    private CursorPoint? NewestOnPage(CursorValue? upTo)
    {
        CursorPoint? newest = null;
        foreach (var point in _points)
        {
            if (point is { } next && !IsFuture(next) && !IsBelow(next) && !(next.Value > upTo)) newest = CursorPoint.Newest(newest, next);
        }
        return newest;
    }
}
