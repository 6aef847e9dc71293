using Microsoft.Extensions.Logging;

namespace Tidemark.Server.Delivery;

internal sealed partial class InboxDeliveries
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "inbox: another server of this pipeline has it: until that ends, asynchronous posts are refused here")]
    private static partial void LogTaken(ILogger log);

    [LoggerMessage(Level = LogLevel.Error, Message = "inbox: {Reason}")]
    private static partial void LogFailed(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "inbox: {Batches} posts wait for '{Stream}', which the configuration no longer has: they stay until it has it again")]
    private static partial void LogOrphans(ILogger log, long batches, string stream);
}
