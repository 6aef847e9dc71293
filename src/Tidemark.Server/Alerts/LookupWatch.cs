using Microsoft.Extensions.Logging;
using Tidemark.Destinations;
using Tidemark.Lookups.Alerts;
using Tidemark.Lookups.Asking;

namespace Tidemark.Server.Alerts;

/// <summary>Tells somebody when the alerts of lookups start, and when they are over: the log, and the webhook.</summary>
/// <param name="pipeline">The pipeline's name.</param>
/// <param name="log">Where it logs.</param>
/// <param name="time">The clock.</param>
internal sealed partial class LookupWatch(string pipeline, ILogger log, TimeProvider time) : IDisposable
{
    private readonly Webhook _webhook = new(time);
    private readonly CancellationTokenSource _stopped = new();

    /// <summary>Looks once, and tells what there is to tell.</summary>
    public async Task RunAsync(Lookup lookup, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stopped.Token, cancellationToken);
        try
        {
            foreach (var turn in await lookup.WatchAsync(ended.Token)) await TellAsync(lookup, turn, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // What is not told is told by the next one who looks.
        }
        catch (DestinationException e)
        {
            LogNotSeen(log, lookup.Definition.Name, e.Message);
        }
    }

    /// <summary>Tells nothing any more.</summary>
    public void Stop() => _stopped.Cancel();

    public void Dispose()
    {
        _webhook.Dispose();
        _stopped.Dispose();
    }

    private async Task TellAsync(Lookup lookup, LookupAlertTurn turn, CancellationToken cancellationToken)
    {
        var name = lookup.Definition.Name;
        if (turn.EndedAt is null) LogStarted(log, name, turn.Alert.Name, turn.Alert.Message);
        else LogOver(log, name, turn.Alert.Name, turn.Alert.Message);
        if (lookup.Definition.Alerts?.Webhook is { } webhook)
        {
            var url = new Uri(webhook.Reveal());
            if (await _webhook.TryPostAsync(url, AlertJson.IdOf(pipeline, name, turn), AlertJson.Of(pipeline, name, turn), cancellationToken) is { } problem)
                LogNotTold(log, name, turn.Alert.Name, AlertJson.StateOf(turn), url.Host, problem);
        }
        await lookup.ToldAsync(turn, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "lookup {Lookup}: alert {Alert}: {Reason}")]
    private static partial void LogStarted(ILogger log, string lookup, string alert, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "lookup {Lookup}: alert {Alert} is over: {Reason}")]
    private static partial void LogOver(ILogger log, string lookup, string alert, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "lookup {Lookup}: that the alert {Alert} is {State} could not be told to the webhook at {Host}: {Reason}; it is not tried again")]
    private static partial void LogNotTold(ILogger log, string lookup, string alert, string state, string host, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "lookup {Lookup}: its alerts could not be looked at: {Reason}")]
    private static partial void LogNotSeen(ILogger log, string lookup, string reason);
}
