namespace Tidemark.Server.Runs;

/// <summary>A stream is being run already: two runs of one would wait for each other.</summary>
/// <param name="stream">The stream.</param>
/// <param name="run">Who runs it.</param>
internal sealed class RunConflictException(string stream, StartedRun run) : Exception($"the stream '{stream}' is being run already, by run {run.Id}")
{
    public StartedRun Run { get; } = run;
}
