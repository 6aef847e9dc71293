using Microsoft.Extensions.Logging;
using Tidemark.Definitions;
using Tidemark.Destinations;

namespace Tidemark.Runs;

/// <summary>Takes a stream's lease, waiting a while for whoever holds it.</summary>
internal static partial class LeaseTaking
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    /// <summary>Asks until the stream is free.</summary>
    /// <param name="destination">Where the stream is written.</param>
    /// <param name="target">The stream.</param>
    /// <param name="wait">How long to ask.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Is told once who is waited for.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="DestinationException">Somebody has held it all the time, or the destination failed.</exception>
    public static async Task<IStreamWriter> OpenAsync(IDestination destination, StreamTarget target, TimeSpan wait, TimeProvider time, ILogger log, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var told = false;
        while (true)
        {
            try
            {
                return await destination.OpenAsync(target, cancellationToken);
            }
            catch (DestinationException e) when ((e is LeaseHeldException || e.Fault == DestinationFault.Temporary) && time.GetElapsedTime(started) < wait)
            {
                if (!told && e is LeaseHeldException held) LogWaiting(log, target.Stream, held.Holder, Durations.Format(wait));
                told |= e is LeaseHeldException;
                await Task.Delay(Poll, time, cancellationToken);
            }
            catch (LeaseHeldException e)
            {
                throw new DestinationException(DestinationFault.Fatal, $"{e.Message}; waited {Durations.Format(wait)} for it to end", e);
            }
        }
    }
}
