namespace Tidemark.Planning;

/// <summary>What a stream still has to do, and how fast it does it.</summary>
internal sealed record StreamWork
{
    /// <summary>The stream.</summary>
    public required string Stream { get; init; }

    /// <summary>The stream that has to end before; null: none.</summary>
    public string? After { get; init; }

    /// <summary>Its readings, in order: its slices, or one.</summary>
    public required IReadOnlyList<ReadingWork> Readings { get; init; }

    /// <summary>How many readings go side by side.</summary>
    public int Parallel { get; init; } = 1;

    /// <summary>The quota of its calls; null: none.</summary>
    public string? Quota { get; init; }

    /// <summary>False if its pages make no calls: only records count for the quota then.</summary>
    public bool MakesCalls { get; init; } = true;

    /// <summary>What a call costs.</summary>
    public double Cost { get; init; } = 1;

    /// <summary>Its calls pass the quota before those of a lower priority.</summary>
    public int Priority { get; init; }

    /// <summary>From sending a call until its answer is read.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>From sending a call until the next one may be asked for, if that is more than the latency.</summary>
    public TimeSpan Turn { get; init; }

    /// <summary>How long a record takes to be read, where no calls are made.</summary>
    public TimeSpan ReadEach { get; init; }

    /// <summary>How long a record takes to be written.</summary>
    public TimeSpan WriteEach { get; init; }

    /// <summary>What is asked about its records; null: nothing.</summary>
    public AskWork? Asks { get; init; }
}
