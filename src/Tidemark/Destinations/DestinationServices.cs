namespace Tidemark.Destinations;

/// <summary>What a destination may use of its surroundings.</summary>
public sealed record DestinationServices
{
    /// <summary>The clock for waits.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Compares two cursor values as what they are: below 0 if the first is older. Null if they can't be compared.</summary>
    public required Func<string, string, int?> CompareCursors { get; init; }
}
