using System.CommandLine;
using Tidemark.Cli.Hosting;
using Tidemark.Failures;

namespace Tidemark.Cli.Commands.Failed;

internal static class FailedCommand
{
    public static Command Create() =>
        new Command("failed", "Look at records that could not be written, and try them again; they are kept until they are dealt with.")
        {
            FailedList.Create(),
            FailedShow.Create(),
            FailedRetry.Create(),
            FailedPurge.Create(),
        }.WithExamples("""
            tidemark failed list clients
            tidemark failed show 4f2a
            tidemark failed retry --stream clients     after what was wrong is mended
            tidemark failed purge --older-than 30d
            """);

    /// <summary>A failed record of the pipeline by the first digits of its id.</summary>
    public static async Task<FailedRecord> FindAsync(IFailedRecordStore store, Project project, string id, CancellationToken stopping)
    {
        try
        {
            return await store.FindAsync(id, stopping) is { } record && string.Equals(record.PipelineName, project.Pipeline.Name, StringComparison.Ordinal)
                ? record
                : throw new UserErrorException($"no failed record has an id that begins with '{id}'; see tidemark failed list --status all");
        }
        catch (InvalidOperationException e)
        {
            throw new UserErrorException(e.Message);
        }
    }
}
