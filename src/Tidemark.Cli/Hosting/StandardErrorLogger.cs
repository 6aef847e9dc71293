using Microsoft.Extensions.Logging;

namespace Tidemark.Cli.Hosting;

/// <summary>Logs to standard error, a line an event.</summary>
internal sealed class StandardErrorLogger(LogLevel least) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        var time = TimeProvider.System.GetUtcNow().ToString("HH:mm:ss.fff", System.Globalization.CultureInfo.InvariantCulture);
        Console.Error.WriteLine($"{time} {logLevel.ToString().ToLowerInvariant(),-11} {formatter(state, exception)}");
    }
}
