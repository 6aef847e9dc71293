using Microsoft.Extensions.Logging;

namespace Tidemark.Http.Wire;

internal sealed partial class HttpExchange
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Stream} of {Source}: {Method} {Url} {Status}, {Bytes} bytes, {DurationMs} ms")]
    private static partial void LogAnswered(ILogger log, HttpMethod method, string url, int status, long bytes, double durationMs, string? stream, string? source);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Stream} of {Source}: {Method} {Url} no whole answer: {Error}, {DurationMs} ms")]
    private static partial void LogUnanswered(ILogger log, HttpMethod method, string url, string error, double durationMs, string? stream, string? source);
}
