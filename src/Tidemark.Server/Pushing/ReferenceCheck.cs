using Microsoft.Extensions.Logging;
using Tidemark.Destinations;
using Tidemark.Pushing;
using Tidemark.Server.Hosting;

namespace Tidemark.Server.Pushing;

/// <summary>Looks, when routes are opened, whether the tables are there that their references are looked up in, so that it is not the first caller who learns it. It changes nothing.</summary>
internal static partial class ReferenceCheck
{
    /// <summary>Warns of what is missing; a database that is away is nobody's mistake.</summary>
    public static async Task RunAsync(ServerState state, PushLines lines)
    {
        foreach (var line in lines.All)
        {
            try
            {
                foreach (var rule in line.Target.References)
                {
                    if (await MissingAsync(state, line, rule) is { } missing) LogMissing(state.Setup.Log, line.Name, missing);
                }
            }
            catch (DestinationException e)
            {
                LogNotLooked(state.Setup.Log, line.Name, e.Message);
            }
        }
    }

    private static async Task<string?> MissingAsync(ServerState state, PushLine line, ReferenceRule rule)
    {
        var table = await state.Destinations[line.Destination].DescribeAsync(new StreamTarget { PipelineName = state.Setup.Pipeline.Name, Stream = line.Name, Table = rule.Table }, state.Stopping);
        if (table is null) return $"there is no table '{rule.Table}'";
        return rule.Where.Select(w => w.Column).Prepend(rule.Match).FirstOrDefault(c => !table.Columns.Any(t => string.Equals(t.Name, c, StringComparison.OrdinalIgnoreCase))) is { } column
            ? $"the table '{rule.Table}' has no column '{column}'" : null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Name}: {Missing}, which its references are looked up in: until it is made, posts are answered with 503")]
    private static partial void LogMissing(ILogger log, string name, string missing);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Name}: its references could not be looked at: {Reason}")]
    private static partial void LogNotLooked(ILogger log, string name, string reason);
}
