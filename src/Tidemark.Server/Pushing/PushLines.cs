using Tidemark.Pushing;
using Tidemark.Runs;
using Tidemark.Server.Hosting;
using Tidemark.Telemetry;

namespace Tidemark.Server.Pushing;

/// <summary>All routes of a pipeline that take records; those of its streams and its endpoints.</summary>
internal sealed class PushLines : IAsyncDisposable
{
    private readonly ServerState _state;

    public PushLines(ServerState state)
    {
        _state = state;
        var pipeline = state.Setup.Pipeline;
        All =
        [
            .. pipeline.Streams.Where(pipeline.IsPushed).Select(s => Of(s.Name, $"/v1/streams/{s.Name}/records", pipeline.DestinationOf(s), TargetOf(s), (p, t, w, l) => new PushLine(s.Name, p, t, w, l) { Destination = pipeline.DestinationOf(s), Queue = s.Name })),
            .. pipeline.Endpoints.Select(e => Of(e.Name, e.Path, pipeline.DestinationOf(e), e.Target(pipeline.Name), (p, t, w, l) => new PushLine(e.Name, p, t, w, l) { Destination = pipeline.DestinationOf(e), Queue = $"endpoints/{e.Name}", Records = e.Records, Answer = e.Answer })),
        ];
    }

    public IReadOnlyList<PushLine> All { get; }

    /// <summary>How much of posts is held.</summary>
    public Admission Admission => field ??= new Admission(_state.Setup.Pipeline.Server);

    public async ValueTask DisposeAsync()
    {
        foreach (var line in All) await line.DisposeAsync();
    }

    private PushLine Of(string name, string path, string destination, PushTarget target, Func<string, PushTarget, IPostWriter, StreamLabels, PushLine> make)
    {
        // What is held is bounded before records come here, over all routes together.
        var options = new GathererOptions { MaxWaitingRecords = int.MaxValue, MaxWaitingBytes = long.MaxValue };
        var writer = new Gatherer(_state.Destinations[destination], target, options, _state.Setup.Time, _state.Setup.Random);
        return make(path, target, writer, new StreamLabels(_state.Setup.Pipeline.Name, name, "push"));
    }

    private PushTarget TargetOf(StreamDefinition stream) => new()
    {
        PipelineName = _state.Setup.Pipeline.Name,
        Name = stream.Name,
        Routes = [new PushRoute(stream.Target(_state.Setup.Pipeline.Name))],
        Rules = stream.Rules,
    };
}
