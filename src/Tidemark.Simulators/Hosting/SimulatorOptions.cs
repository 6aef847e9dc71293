namespace Tidemark.Simulators.Hosting;

/// <summary>How a simulated API is started.</summary>
public sealed record SimulatorOptions
{
    /// <summary>TCP port on 127.0.0.1; 0 (default) takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The window of the quota that the simulator enforces; null (default) leaves the real API's own.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>Multiplies the data, by repeating it with new keys. At least 1, the default.</summary>
    public int Scale { get; init; } = 1;

    /// <summary>Seed of everything random: the same seed gives the same data and the same changes.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Answers with Shopify-style cost throttling where the simulated API knows it. Default: off.</summary>
    public bool CostThrottling { get; init; }

    /// <summary>The clock that changes are stamped with.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
