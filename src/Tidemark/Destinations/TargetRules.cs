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

    /// <summary>Refuses targets that can't be written without a lease.</summary>
    /// <param name="targets">The targets of one writer.</param>
    /// <exception cref="DestinationException">One of them asks for what only a run can do, or two of them are one table (<see cref="DestinationFault.Fatal"/>).</exception>
    public static void CheckShared(IReadOnlyList<StreamTarget> targets)
    {
        foreach (var target in targets)
        {
            if (target.Disposition == WriteDisposition.Replace)
                throw new DestinationException(DestinationFault.Fatal, $"'{target.Stream}' replaces '{target.Table}', which only a complete scan can do: use write_disposition: merge or append");
            if (target.Deletions != Deletions.Ignore)
                throw new DestinationException(DestinationFault.Fatal, $"'{target.Stream}' follows deletions in '{target.Table}', which only a complete scan can do: take deletions out");
        }
        if (targets.GroupBy(t => t.Table, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new DestinationException(DestinationFault.Fatal, $"the table '{twice.Key}' is written to twice: name it once");
    }
}
