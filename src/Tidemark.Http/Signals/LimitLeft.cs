namespace Tidemark.Http.Signals;

/// <summary>What is left of one of a server's limits.</summary>
/// <param name="Remaining">Calls that are left; null: it does not say.</param>
/// <param name="ResetAfter">When there is all of it again; null: it does not say.</param>
internal readonly record struct LimitLeft(double? Remaining, TimeSpan? ResetAfter)
{
    /// <summary>The limit that allows least: where as much is left of two, the one that takes longer to begin anew.</summary>
    /// <param name="limits">The limits.</param>
    public static LimitLeft? Tightest(IEnumerable<LimitLeft> limits)
    {
        LimitLeft? tightest = null;
        foreach (var limit in limits)
        {
            if (tightest is not { } other || limit.IsTighterThan(other)) tightest = limit;
        }
        return tightest;
    }

    private bool IsTighterThan(LimitLeft other)
    {
        var (mine, its) = (Remaining ?? double.MaxValue, other.Remaining ?? double.MaxValue);
        return mine < its || (mine.Equals(its) && ResetAfter > other.ResetAfter);
    }
}
