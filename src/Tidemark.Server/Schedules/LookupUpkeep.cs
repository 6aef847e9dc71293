using Microsoft.Extensions.Logging;
using Tidemark.Destinations;
using Tidemark.Lookups.Asking;

namespace Tidemark.Server.Schedules;

/// <summary>What is done for lookups every hour: rows past their time are deleted.</summary>
internal static partial class LookupUpkeep
{
    /// <summary>How often.</summary>
    public static TimeSpan Every { get; } = TimeSpan.FromHours(1);

    public static async Task RunAsync(IReadOnlyList<Lookup> lookups, ILogger log, CancellationToken cancellationToken)
    {
        foreach (var lookup in lookups)
        {
            try
            {
                var gone = await lookup.CleanUpAsync(cancellationToken);
                if (gone > 0) LogCleaned(log, lookup.Definition.Name, gone);
            }
            catch (DestinationException e)
            {
                LogNotCleaned(log, lookup.Definition.Name, e.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "lookup {Lookup}: {Count} answers past their time are deleted")]
    private static partial void LogCleaned(ILogger log, string lookup, long count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "lookup {Lookup}: answers past their time could not be deleted: {Reason}")]
    private static partial void LogNotCleaned(ILogger log, string lookup, string reason);
}
