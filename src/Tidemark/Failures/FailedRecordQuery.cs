namespace Tidemark.Failures;

/// <summary>Which failed records are listed.</summary>
public sealed record FailedRecordQuery
{
    /// <summary>The pipeline.</summary>
    public required string PipelineName { get; init; }

    /// <summary>Only of this stream; null (default): of all.</summary>
    public string? Stream { get; init; }

    /// <summary>Only those that stand so; null (default): all.</summary>
    public FailedRecordStatus? Status { get; init; }

    /// <summary>How many at most; default 100.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>Only those that come after the one with this whole id, the last one of the page before; null (default): from the newest on.</summary>
    public string? After { get; init; }
}
