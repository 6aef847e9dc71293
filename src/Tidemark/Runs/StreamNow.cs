namespace Tidemark.Runs;

/// <summary>Where a stream stands at one moment of its run.</summary>
/// <param name="Mode">What it reads.</param>
/// <param name="Since">How long it has been running.</param>
internal sealed record StreamNow(RunMode Mode, TimeSpan Since)
{
    /// <summary>How many records the last complete first or full scan read; null: none.</summary>
    public long? LastFullRead { get; init; }

    /// <summary>Its one reading; null: it is not begun, or the stream has slices.</summary>
    public ReadingNow? Reading { get; init; }

    /// <summary>Its slices, in order; null: it has none, or is read as a whole.</summary>
    public IReadOnlyList<SlicePosition>? Slices { get; init; }

    /// <summary>How many records a full page has, as seen; null: none was seen that another one followed.</summary>
    public int? PageLength { get; init; }
}
