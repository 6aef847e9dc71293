using Microsoft.Extensions.Logging;

namespace Tidemark.Cli.Recording;

/// <summary>One log to those who write, two to those who read, each with its own least level.</summary>
internal sealed class TwoLogs(ILogger first, ILogger second) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => first.IsEnabled(logLevel) || second.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (first.IsEnabled(logLevel)) first.Log(logLevel, eventId, state, exception, formatter);
        if (second.IsEnabled(logLevel)) second.Log(logLevel, eventId, state, exception, formatter);
    }
}
