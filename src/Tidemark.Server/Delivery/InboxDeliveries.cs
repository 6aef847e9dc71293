using Tidemark.Inboxes;
using Tidemark.Server.Hosting;
using Tidemark.Server.Pushing;

namespace Tidemark.Server.Delivery;

/// <summary>Delivers what waits in the inbox, each route for itself: one whose destination is away holds nobody else up.</summary>
internal sealed partial class InboxDeliveries(ServerState state, PushLines lines) : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PurgeEvery = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly IReadOnlyList<InboxDelivery> _all = state.Setup.Inbox is null ? [] : [.. lines.All.Select(l => new InboxDelivery(state, l))];
    private Task _keeping = Task.CompletedTask;

    /// <summary>Begins with what is there; called before the server listens, so that nothing overtakes it.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (state.Setup.Inbox is not { } inbox) return;
        inbox.MaxSize = state.Setup.Pipeline.Server.MaxInboxSize;
        var isOpen = await TryOpenAsync(inbox, isFirst: true, cancellationToken);
        foreach (var depth in inbox.Depths.Where(d => !lines.All.Any(l => string.Equals(l.Queue, d.Stream, StringComparison.Ordinal)))) LogOrphans(state.Setup.Log, depth.Batches, depth.Stream);
        foreach (var delivery in _all) delivery.Start();
        _keeping = KeepAsync(inbox, isOpen);
    }

    /// <summary>Why posts of a queue wait; null: nothing is in their way.</summary>
    public string? ProblemOf(string queue) => _all.FirstOrDefault(d => string.Equals(d.Queue, queue, StringComparison.Ordinal))?.Problem;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _keeping;
        await Task.WhenAll(_all.Select(d => d.DisposeAsync().AsTask()));
        _stop.Dispose();
    }

    private async Task KeepAsync(IInbox inbox, bool isOpen)
    {
        var purgedAt = state.Setup.Time.GetTimestamp();
        while (!_stop.IsCancellationRequested)
        {
            await Task.Delay(LookEvery, state.Setup.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_stop.IsCancellationRequested) return;
            if (!isOpen) isOpen = await TryOpenAsync(inbox, isFirst: false, CancellationToken.None);
            if (state.Setup.Time.GetElapsedTime(purgedAt) < PurgeEvery) continue;
            purgedAt = state.Setup.Time.GetTimestamp();
            try
            {
                await inbox.PurgeAsync(state.Setup.Time.GetUtcNow() - state.Setup.Pipeline.Server.KeepBatches);
            }
            catch (InboxException e)
            {
                LogFailed(state.Setup.Log, e.Message);
            }
        }
    }

    private async Task<bool> TryOpenAsync(IInbox inbox, bool isFirst, CancellationToken cancellationToken)
    {
        try
        {
            var isOpen = await inbox.OpenAsync(cancellationToken);
            if (!isOpen && isFirst) LogTaken(state.Setup.Log);
            return isOpen;
        }
        catch (InboxException e)
        {
            if (isFirst) LogFailed(state.Setup.Log, e.Message);
            return false;
        }
    }
}
