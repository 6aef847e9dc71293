using Tidemark.Http.Signals;

namespace Tidemark.Http.Calls;

/// <summary>What is known of the cost of a stream's queries: what one costs, and how many records a page may be asked for. Readings of the stream share it.</summary>
/// <param name="pageSize">How many records a page is asked to have; null: it is not known, or can't be changed between two pages.</param>
internal sealed class CostFit(int? pageSize)
{
    private readonly Lock _lock = new();
    private int? _size = pageSize;
    private int? _told = pageSize;
    private double? _expected;
    private double? _dearest;

    /// <summary>How many records a page is asked to have (null: as the request says), and what a query has to find in the bucket, as the server said last (null: it said nothing).</summary>
    public (int? PageSize, double? Cost) Now
    {
        get
        {
            lock (_lock) return (_size, _expected);
        }
    }

    /// <summary>Takes what the server said of a query.</summary>
    /// <param name="cost">What it said.</param>
    public void Learn(QueryPrice cost)
    {
        lock (_lock) _expected = cost.Requested ?? _expected;
    }

    /// <summary>Halves the page size until a query that was refused should fit into the bucket, at least once; false if there is nothing to lower.</summary>
    /// <param name="cost">What the server said of it.</param>
    /// <param name="sent">The page size that it was sent with.</param>
    public bool TryLower(QueryPrice cost, int? sent)
    {
        lock (_lock)
        {
            if (_size is not { } size || sent is not { } before) return false;
            _dearest = Math.Max(_dearest ?? 0, cost.Requested ?? 0);
            // Another reading of the stream has lowered it since.
            if (size < before) return true;
            if (size == 1) return false;
            do size /= 2;
            while (size > 1 && cost.Requested * size / before > cost.Maximum);
            _expected = cost.Requested * size / before;
            _size = size;
            return true;
        }
    }

    /// <summary>The warning that the page size was lowered, once for each new size; null: there is nothing new.</summary>
    public string? News()
    {
        lock (_lock)
        {
            if (_size == _told) return null;
            var old = _told;
            _told = _size;
            return FormattableString.Invariant($"a page of {old} records costs more than the server allows (the query costs up to {_dearest:0.##}): from now on this run asks for {_size} a page");
        }
    }
}
