using Tidemark.Planning;

namespace Tidemark.Runs.Plans;

/// <summary>What the first calls of a stream have shown.</summary>
internal sealed record ProbeResult
{
    /// <summary>Records of the whole reading, as the source says; null: it does not.</summary>
    public long? Total { get; init; }

    /// <summary>Records on the first page.</summary>
    public int Records { get; init; }

    /// <summary>Pages that were read.</summary>
    public int Pages { get; init; }

    /// <summary>Records of the first page that would be read, up to where the scan stops; those that are known already excepted.</summary>
    public int Read { get; init; }

    /// <summary>True if no page follows, or none is read because the scan stops.</summary>
    public bool IsLast { get; init; }

    /// <summary>How long they took.</summary>
    public MeasuredSpeeds Speeds { get; init; } = MeasuredSpeeds.None;

    /// <summary>Calls that were made.</summary>
    public long Calls { get; init; }

    /// <summary>Why there is no page; null: there is one.</summary>
    public string? Error { get; init; }

    /// <summary>Failed or parked; null: neither.</summary>
    public RunStatus? Status { get; init; }
}
