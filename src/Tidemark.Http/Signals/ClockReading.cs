namespace Tidemark.Http.Signals;

/// <summary>What a server's clock showed when it answered.</summary>
/// <param name="Date">As its Date header says, in whole seconds; our clock where it has none.</param>
/// <param name="Finer">The same to a fraction of a second, as far as it is known: never before <paramref name="Date"/>, and never ahead of the server.</param>
internal readonly record struct ClockReading(DateTimeOffset Date, DateTimeOffset Finer)
{
    /// <summary>Where nothing finer is known.</summary>
    public static ClockReading Of(DateTimeOffset date) => new(date, date);
}
