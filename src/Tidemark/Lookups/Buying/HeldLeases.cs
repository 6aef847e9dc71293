using Tidemark.Destinations;

namespace Tidemark.Lookups.Buying;

/// <summary>The leases of keys that are being bought: renewed until they are ended. Nobody else buys them meanwhile, in whatever process.</summary>
internal sealed class HeldLeases : IAsyncDisposable
{
    /// <summary>How long one holds after its holder was heard of last.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(15);

    /// <summary>How long those who wait in other processes find why there is no answer.</summary>
    private static readonly TimeSpan FailureKept = TimeSpan.FromSeconds(5);

    private readonly ILookupStore _store;
    private readonly string _lookup;
    private readonly string _owner;
    private readonly IReadOnlyCollection<string> _keys;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _renewing;

    public HeldLeases(ILookupStore store, string lookup, string owner, IReadOnlyCollection<string> keys, TimeProvider time)
    {
        (_store, _lookup, _owner, _keys) = (store, lookup, owner, keys);
        _renewing = RenewAsync(time);
    }

    /// <summary>Ends them.</summary>
    /// <param name="failure">Why there is no answer; null: there is one, or it is known that there is none.</param>
    public async Task EndAsync(string? failure)
    {
        await StopAsync();
        try
        {
            await _store.EndLeasesAsync(_lookup, _keys, _owner, failure, FailureKept, CancellationToken.None);
        }
        catch (DestinationException)
        {
            // They are over by themselves in a while.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _ended.Dispose();
    }

    private async Task StopAsync()
    {
        await _ended.CancelAsync();
        await _renewing;
    }

    private async Task RenewAsync(TimeProvider time)
    {
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Length / 3, time, _ended.Token);
                await _store.TakeLeasesAsync(_lookup, _keys, _owner, Length, _ended.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (DestinationException)
            {
                // Another attempt follows before they are over.
            }
        }
    }
}
