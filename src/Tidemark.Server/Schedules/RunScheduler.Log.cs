using Microsoft.Extensions.Logging;

namespace Tidemark.Server.Schedules;

internal sealed partial class RunScheduler
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Streams}: parked, run again at {At:u}")]
    private static partial void LogWaking(ILogger log, string streams, DateTimeOffset at);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Streams}: not run at this time: {Reason}")]
    private static partial void LogPassedOver(ILogger log, string streams, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} failed records that were resolved 30 days ago or earlier are purged")]
    private static partial void LogPurged(ILogger log, long count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "failed records could not be purged: {Reason}")]
    private static partial void LogNotPurged(ILogger log, string reason);
}
