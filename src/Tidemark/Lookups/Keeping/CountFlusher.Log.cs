using Microsoft.Extensions.Logging;

namespace Tidemark.Lookups.Keeping;

internal sealed partial class CountFlusher
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "lookup {Lookup}: counts could not be written, they wait: {Reason}")]
    private static partial void LogNotWritten(ILogger log, string lookup, string reason);
}
