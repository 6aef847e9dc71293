namespace Tidemark.Destinations;

/// <summary>What a shared writer is to tell.</summary>
public sealed record SharedOptions
{
    /// <summary>True to tell <see cref="WrittenRecord.RowId"/>, which may cost a look-up for each row that was there before; default false.</summary>
    public bool WithRowIds { get; init; }
}
