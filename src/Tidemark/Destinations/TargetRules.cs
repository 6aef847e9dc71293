namespace Tidemark.Destinations;

/// <summary>What holds for the target of a stream in every destination.</summary>
public static class TargetRules
{
    /// <summary>Refuses a target that can't be written.</summary>
    /// <param name="target">The target.</param>
    /// <exception cref="DestinationException">It contradicts itself (<see cref="DestinationFault.Fatal"/>).</exception>
    public static void Check(StreamTarget target)
    {
        if (target.Disposition == WriteDisposition.Merge && target.Schema.PrimaryKey.Count == 0)
            throw new DestinationException(DestinationFault.Fatal, $"the stream '{target.Stream}' merges into '{target.Table}' but has no primary_key: name one, or use write_disposition: append");
        if (target.Disposition == WriteDisposition.Append && target.Deletions != Deletions.Ignore)
            throw new DestinationException(DestinationFault.Fatal, $"the stream '{target.Stream}' follows deletions but appends to '{target.Table}': use write_disposition: merge");
    }
}
