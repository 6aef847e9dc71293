using Microsoft.Extensions.Logging;

namespace Tidemark.Http.Calls;

internal sealed partial class Caller
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Method} {Url} {What}; asked again in {Delay}")]
    private static partial void LogRetry(ILogger log, HttpMethod method, string url, string what, TimeSpan delay);
}
