using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Tidemark.Server.Hosting;

/// <summary>What the web framework says goes to the server's own log, from warnings on: its other lines are about its inside.</summary>
/// <param name="log">The server's log; its owner disposes it.</param>
internal sealed class FrameworkLog(ILogger log) : ILoggerProvider
{
    // What the host says beside throwing it was said by whoever caught it.
    public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("Microsoft.Extensions.Hosting", StringComparison.Ordinal) ? NullLogger.Instance : new Line(log);

    public void Dispose()
    {
    }

    private sealed class Line(ILogger log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning && log.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) log.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
