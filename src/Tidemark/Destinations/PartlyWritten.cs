namespace Tidemark.Destinations;

/// <summary>What became of the records of a call, some of which were refused.</summary>
/// <param name="Written">What became of each, from the call's first on; that of a refused one says nothing.</param>
/// <param name="Refused">The refused ones, by their place from the call's first on, and why.</param>
public sealed record PartlyWritten(IReadOnlyList<WrittenRecord> Written, IReadOnlyDictionary<int, string> Refused)
{
    /// <summary>What the others count.</summary>
    public WriteCounts Counts
    {
        get
        {
            var counts = default(WriteCounts);
            for (var i = 0; i < Written.Count; i++)
            {
                if (!Refused.ContainsKey(i)) counts += WriteCounts.Of(Written[i].Outcome);
            }
            return counts;
        }
    }
}
