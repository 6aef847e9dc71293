using Tidemark.Quotas;

namespace Tidemark.Planning;

/// <summary>A clock that jumps from one thing to the next. Times are microseconds since its start; what is due at one moment happens in the order in which it was set.</summary>
/// <param name="start">The time at its start.</param>
internal sealed class VirtualClock(DateTimeOffset start)
{
    private readonly PriorityQueue<Action, (long At, long Order)> _due = new();
    private long _order;

    /// <summary>Microseconds since the start.</summary>
    public long Now { get; private set; }

    /// <summary>The time.</summary>
    public DateTimeOffset Time => start + QuotaTimeline.Span(Now);

    /// <summary>Sets something.</summary>
    /// <param name="microseconds">How long from now.</param>
    /// <param name="action">What happens.</param>
    public void After(long microseconds, Action action) => _due.Enqueue(action, (Now + Math.Max(0, microseconds), _order++));

    /// <summary>Lets everything happen.</summary>
    /// <param name="most">How many things.</param>
    /// <param name="cancellationToken">Ends it in between.</param>
    /// <returns>False if there were more.</returns>
    public bool Run(long most, CancellationToken cancellationToken = default)
    {
        while (_due.TryDequeue(out var action, out var due))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (most-- == 0) return false;
            Now = due.At;
            action();
        }
        return true;
    }
}
