namespace Tidemark.Simulators.Traffic;

/// <summary>
/// The most calls in any window of one length, wherever it begins; of two calls that lie exactly the length apart, a window
/// holds one. Exact while a window holds no more than 65 536 calls; beyond, calls that arrive within 1/65 536 of the window are
/// counted as if they had arrived with the last of them, so that memory stays bounded and the peak is never told too small.
/// Not safe for concurrent use.
/// </summary>
internal sealed class WindowPeak(TimeSpan length)
{
    private const int MostExact = 65_536;

    private readonly Queue<(TimeSpan At, int Count)> _older = new();
    private readonly TimeSpan _together = length / MostExact;
    private (TimeSpan At, int Count) _newest;
    private TimeSpan _newestSince;
    private long _inWindow;

    public TimeSpan Length => length;

    public long Most { get; private set; }

    public void Add(TimeSpan now)
    {
        if (_older.Count >= MostExact && now - _newestSince < _together)
        {
            _newest = (now, _newest.Count + 1);
        }
        else
        {
            if (_newest.Count > 0)
                _older.Enqueue(_newest);
            (_newest, _newestSince) = ((now, 1), now);
        }

        _inWindow++;
        while (_older.TryPeek(out var oldest) && now - oldest.At >= length)
            _inWindow -= _older.Dequeue().Count;
        Most = Math.Max(Most, _inWindow);
    }

    public void Clear()
    {
        _older.Clear();
        (_newest, _inWindow, Most) = (default, 0, 0);
    }
}
