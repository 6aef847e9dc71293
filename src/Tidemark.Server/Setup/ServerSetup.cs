using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tidemark.Inboxes;
using Tidemark.Runs;

namespace Tidemark.Server.Setup;

/// <summary>What a server is made of.</summary>
public sealed record ServerSetup
{
    /// <summary>The pipeline that it serves.</summary>
    public required PipelineDefinition Pipeline { get; init; }

    /// <summary>Where runs, failed records and API keys are kept; it stays the caller's to dispose, after the server.</summary>
    public required IStore Store { get; init; }

    /// <summary>Where asynchronous posts wait; it stays the caller's to dispose, after the server. Null: all posts are answered when they are written.</summary>
    public IInbox? Inbox { get; init; }

    /// <summary>Where it listens. Default: port 8080 of 127.0.0.1.</summary>
    public IReadOnlyList<ListenAddress> Addresses { get; init; } = [ListenAddress.Default];

    /// <summary>How long calls that are under way when the server stops get to end. Default: 30 s.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Randomness, for jitter.</summary>
    public Random Random { get; init; } = new();

    /// <summary>Where it logs. Never secrets, never what was posted.</summary>
    public ILogger Log { get; init; } = NullLogger.Instance;

    /// <summary>Is told of each run that has ended here; null: nobody is.</summary>
    public Action<RunReport>? RunEnded { get; init; }

    /// <summary>Where the runs that it starts log their calls to sources.</summary>
    public ILogger AccessLog { get; init; } = NullLogger.Instance;
}
