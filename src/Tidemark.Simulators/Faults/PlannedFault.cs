namespace Tidemark.Simulators.Faults;

/// <summary>An order to spoil calls.</summary>
internal sealed record PlannedFault
{
    public required FaultKind Kind { get; init; }

    /// <summary>How many calls are spoiled.</summary>
    public int Count { get; init; } = 1;

    /// <summary>How many calls pass before the first is spoiled.</summary>
    public int After { get; init; }

    public int? Status { get; init; }

    /// <summary>Sent as it is.</summary>
    public string? RetryAfter { get; init; }

    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(2);

    public string? To { get; init; }
}
