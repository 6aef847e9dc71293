namespace Tidemark.Lookups.Asking;

/// <summary>An answer with its value.</summary>
/// <typeparam name="T">The value's type.</typeparam>
/// <param name="Value">The value; the default where the source has no answer, or where there is a problem.</param>
/// <param name="Answer">All else that is known of it.</param>
public sealed record LookupAnswer<T>(T? Value, LookupAnswer Answer)
{
    /// <summary>True if its time is over, and no other could be had.</summary>
    public bool Stale => Answer.Stale;
}
