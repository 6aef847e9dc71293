using Tidemark.Cli.Hosting;

namespace Tidemark.Cli.Commands.Demos;

/// <summary>What a killed import has left on disk.</summary>
/// <param name="Calls">How many calls the source had seen.</param>
/// <param name="Done">Slices that were done.</param>
/// <param name="Slices">All slices.</param>
/// <param name="Records">Records of those that were done.</param>
internal sealed record KilledImport(long Calls, long Done, long Slices, long Records)
{
    /// <summary>Looks at the first stream of a pipeline.</summary>
    public static async Task<KilledImport> ReadAsync(Project project, long calls, CancellationToken cancellationToken)
    {
        var stream = project.Pipeline.Streams[0];
        await using var store = await project.OpenStoreAsync(cancellationToken);
        var slices = (await store.SummarizeSlicesAsync(project.Pipeline.Name, cancellationToken)).Single(s => string.Equals(s.Stream, stream.Name, StringComparison.Ordinal));
        return new KilledImport(calls, slices.Done, slices.Total, slices.Read);
    }
}
