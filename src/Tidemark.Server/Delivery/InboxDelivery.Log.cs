using Microsoft.Extensions.Logging;

namespace Tidemark.Server.Delivery;

internal sealed partial class InboxDelivery
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "inbox: {Stream}: waits for its destination: {Reason}")]
    private static partial void LogWaiting(ILogger log, string stream, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "inbox: {Stream}: can't be delivered, nothing is lost: {Reason}")]
    private static partial void LogStuck(ILogger log, string stream, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "inbox: {Stream}: is delivered again")]
    private static partial void LogGoesOn(ILogger log, string stream);

    [LoggerMessage(Level = LogLevel.Warning, Message = "inbox: {Stream}: the post {Batch} is refused: {Reason}")]
    private static partial void LogRefused(ILogger log, string stream, string batch, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "inbox: {Stream}: unexpected {Kind}: {Reason}")]
    private static partial void LogDefect(ILogger log, Exception e, string stream, string kind, string reason);
}
