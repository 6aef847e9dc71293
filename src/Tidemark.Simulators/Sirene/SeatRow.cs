namespace Tidemark.Simulators.Sirene;

/// <summary>
/// All that is kept of an establishment; the rest follows from its ordinal when it is asked for. Half a million of them are a few megabytes.
/// </summary>
/// <param name="TreatedAt">When it was last changed, in milliseconds of Unix time.</param>
/// <param name="Place">Its commune's index.</param>
/// <param name="Version">How often it was changed; negative when it was deleted.</param>
internal readonly record struct SeatRow(long TreatedAt, int Place, int Version)
{
    public bool IsDeleted => Version < 0;
}
