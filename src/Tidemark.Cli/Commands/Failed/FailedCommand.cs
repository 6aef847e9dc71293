using System.CommandLine;

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
}
