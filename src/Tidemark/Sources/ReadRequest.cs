using Tidemark.Telemetry;

namespace Tidemark.Sources;

/// <summary>One reading of a stream.</summary>
public sealed record ReadRequest
{
    /// <summary>The stream's name, for messages.</summary>
    public required string Stream { get; init; }

    /// <summary>The stream's request, of the type that the source's connector reads.</summary>
    public required StreamRequest Request { get; init; }

    /// <summary>What templates in the request stand for.</summary>
    public required TemplateValues Values { get; init; }

    /// <summary>A <see cref="Records.Page.Position"/> of an earlier reading to begin with; null: the start.</summary>
    public string? ResumeFrom { get; init; }

    /// <summary>The pages to read, where <see cref="StreamRequest.WhyNotByPages"/> is null; null: all.</summary>
    public PageRange? Pages { get; init; }

    /// <summary>Where the source counts requests, cost, waits, retries, pages and bytes.</summary>
    public required StreamCounters Counters { get; init; }

    /// <summary>Its calls pass the quota before those of a lower priority; default 0.</summary>
    public int Priority { get; init; }

    /// <summary>Takes warnings for the run report.</summary>
    public Action<string> Warn { get; init; } = static _ => { };
}
