using Microsoft.Extensions.Logging;

namespace Tidemark.Runs;

internal static partial class LeaseTaking
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Stream}: being written by {Holder}; waiting up to {Wait} for it to end")]
    private static partial void LogWaiting(ILogger log, string stream, string holder, string wait);
}
