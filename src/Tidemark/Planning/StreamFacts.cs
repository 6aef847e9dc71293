using Tidemark.Sources;

namespace Tidemark.Planning;

/// <summary>What is known of a stream before it is planned, wherever it comes from: the configuration, checkpoints, earlier runs, the source itself.</summary>
internal sealed record StreamFacts
{
    /// <summary>The stream.</summary>
    public required string Stream { get; init; }

    /// <summary>What it asks of its source.</summary>
    public required StreamRequest Request { get; init; }

    /// <summary>Its readings that are not complete, in order.</summary>
    public required IReadOnlyList<ReadingFacts> Readings { get; init; }

    /// <summary>How many readings go side by side.</summary>
    public int Parallel { get; init; } = 1;

    /// <summary>The stream that has to end before; null: none.</summary>
    public string? After { get; init; }

    /// <summary>Its calls pass the quota before those of a lower priority.</summary>
    public int Priority { get; init; }

    /// <summary>The quota of its calls; null: none.</summary>
    public string? Quota { get; init; }

    /// <summary>What a call costs.</summary>
    public double Cost { get; init; } = 1;

    /// <summary>Calls that the source makes before the first page.</summary>
    public int CallsAhead { get; init; }

    /// <summary>Records of a full page, as seen or asked for; null: not known.</summary>
    public int? PageLength { get; init; }

    /// <summary>Records a page of a whole reading, as seen; null: none was seen.</summary>
    public double? RecordsAPage { get; init; }

    /// <summary>Whether such a reading ended with an empty page; null: none was seen.</summary>
    public bool? EndsEmpty { get; init; }

    /// <summary>How fast it was.</summary>
    public MeasuredSpeeds Speeds { get; init; } = MeasuredSpeeds.None;

    /// <summary>Its enrichment; null: none.</summary>
    public AskFacts? Asks { get; init; }
}
