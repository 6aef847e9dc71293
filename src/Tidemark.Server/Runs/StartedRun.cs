using Tidemark.Runs;

namespace Tidemark.Server.Runs;

/// <summary>A run that this server has started.</summary>
/// <param name="Id">Its id.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="Streams">The streams that it runs.</param>
/// <param name="Progress">How it goes.</param>
/// <param name="Report">Ends with what it did.</param>
internal sealed record StartedRun(string Id, DateTimeOffset StartedAt, IReadOnlyList<string> Streams, RunProgress Progress, Task<RunReport> Report);
