using Microsoft.Extensions.Logging;

namespace Tidemark.Lookups.Buying;

internal sealed partial class Buyer
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "lookup {Lookup}: {What} could not be bought: {Reason}")]
    private static partial void LogFailed(ILogger log, string lookup, string what, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "lookup {Lookup}: {Count} answers are served, but could not be kept: {Reason}")]
    private static partial void LogNotKept(ILogger log, string lookup, int count, string reason);
}
