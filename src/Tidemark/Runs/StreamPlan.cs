using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.Scanning;
using Tidemark.Sources;

namespace Tidemark.Runs;

/// <summary>What a run does with a stream: decided once, from what the user wrote and asked for, and from the checkpoint. Pure.</summary>
internal sealed record StreamPlan
{
    /// <summary>True if there is nothing to do: <c>refresh: once</c>, and it was done.</summary>
    public bool Skip { get; init; }

    /// <summary>What is read.</summary>
    public required RunMode Mode { get; init; }

    /// <summary>True if the scan, once complete, moves the watermark; false with <c>--since</c>.</summary>
    public required bool MovesWatermark { get; init; }

    /// <summary>The scan.</summary>
    public required ScanPlan Scan { get; init; }

    /// <summary>What templates stand for.</summary>
    public required TemplateValues Values { get; init; }

    /// <summary>Where an earlier run left the scan; null: it begins.</summary>
    public ResumePoint? Resume { get; init; }

    /// <summary>True if a complete scan replaces the table or tells deletions: only one that reads everything can, so filters by template have no value in it.</summary>
    public bool Finishes(StreamDefinition stream) =>
        Mode != RunMode.Incremental && MovesWatermark && (stream.Disposition() == WriteDisposition.Replace || stream.Deletions != Deletions.Ignore);

    public static StreamPlan Of(StreamDefinition stream, RunOptions options, Checkpoint checkpoint, bool tableHadRows, DateTimeOffset now, SliceValues? slice = null, SlicedImport? import = null)
    {
        var filters = stream.Request.Templates.Any(t => t.IsFilter);
        var refresh = stream.Disposition() == WriteDisposition.Replace ? Refresh.Full
            : stream.Refresh ?? (stream.Incremental is not null || filters || stream.Parent is not null ? Refresh.Incremental : Refresh.Full);
        var since = options.Full ? null : options.Since;
        var resume = since is null ? ResumePoint.FromJson(checkpoint.Resume) : null;
        // `--full` begins anew, unless it goes on with what an earlier `--full` began.
        if (resume is not null && options.Full && resume.Mode == RunMode.Incremental) resume = null;
        // What was read before an import began is older than the watermark that its slices will have in common.
        if (resume is not null && resume.StartedAt < import?.StartedAt) resume = null;

        var mode = since is not null ? RunMode.Incremental
            : resume is not null ? resume.Mode
            : !checkpoint.Complete ? RunMode.First
            : options.Full || refresh != Refresh.Incremental ? RunMode.Full
            : RunMode.Incremental;
        var startedAt = resume?.StartedAt ?? now;
        var watermark = mode != RunMode.Incremental || since is not null ? null : resume is null ? checkpoint.Watermark : resume.Watermark;
        var lastSuccess = mode != RunMode.Incremental ? null : since is null ? checkpoint.LastSuccess : IsoTime.TimeOf(since);
        return new StreamPlan
        {
            Skip = refresh == Refresh.Once && !options.Full && since is null && resume is null && (checkpoint.Complete || tableHadRows),
            Mode = mode,
            MovesWatermark = since is null,
            Scan = new ScanPlan
            {
                Incremental = stream.Parent is null ? stream.Incremental : null,
                Watermark = watermark,
                Boundary = mode != RunMode.Incremental || since is not null ? null : resume is null ? checkpoint.Boundary : resume.Boundary,
                Floor = since ?? stream.Incremental?.InitialValue,
                Appends = stream.Disposition() == WriteDisposition.Append,
                StartedAt = startedAt,
                IsPart = import is not null,
                PartsAnsweredAt = import?.Start?.AnsweredAt,
            },
            Values = new TemplateValues { Now = startedAt, Watermark = since ?? watermark, LastSuccess = lastSuccess, Slice = slice },
            Resume = resume,
        };
    }
}
