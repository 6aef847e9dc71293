using System.Text.Json;
using System.Text.Json.Serialization;
using Tidemark.Checkpoints;
using Tidemark.Scanning;
using Tidemark.Slices;

namespace Tidemark.Runs;

/// <summary>
/// One reading of all slices of a stream, kept as the resume point of the stream's own checkpoint until all of them are done: what runs may have to go on with.
/// </summary>
internal sealed record SlicedImport
{
    /// <summary>When it began. A slice whose last complete scan began later is done.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>What it reads.</summary>
    public RunMode Mode { get; init; }

    /// <summary>What its first answer has told; null: nothing has to be known, or it is still to come.</summary>
    public ImportStart? Start { get; init; }

    /// <summary>True if a run reads the stream as a whole: its slices are for imports, and an import was complete.</summary>
    public static bool IsWhole(StreamDefinition stream, RunOptions options, Checkpoint checkpoint)
    {
        if (stream.Slices is not { Incremental: SlicedIncremental.Whole } || options.Full) return false;
        // Where each run reads everything, each one is an import.
        if (stream.Incremental is null && !stream.Request.Templates.Any(t => t.IsFilter)) return false;
        if (options.Since is not null) return true;
        return checkpoint.Complete && stream.Refresh is null or Refresh.Incremental && Begun(checkpoint) is null or { Mode: RunMode.Incremental };
    }

    /// <summary>The import that a run goes on with or begins; null: <c>refresh: once</c>, and it was done.</summary>
    public static SlicedImport? Of(StreamDefinition stream, RunOptions options, Checkpoint checkpoint, bool tableHadRows, DateTimeOffset now)
    {
        // What `--since` reads moves no checkpoint, so it is no part of an import.
        if (options.Since is not null && !options.Full) return new SlicedImport { StartedAt = now, Mode = RunMode.Incremental };
        var begun = Begun(checkpoint);
        // Shared out otherwise, slices of the same name have other pages, and none of them is done.
        if (begun?.Start is { Step: not null } start && (start.Step, start.Size) != (stream.Slices?.Pages, stream.Request.PageSize)) return new SlicedImport { StartedAt = now, Mode = begun.Mode };
        // As with a scan: `--full` goes on with nothing but what an earlier `--full`, or the first run, began.
        if (begun is not null && !(options.Full && begun.Mode == RunMode.Incremental)) return begun;
        if (stream.Refresh == Refresh.Once && !options.Full && begun is null && (checkpoint.Complete || tableHadRows)) return null;
        var mode = !checkpoint.Complete ? RunMode.First : options.Full || stream.Incremental is null ? RunMode.Full : RunMode.Incremental;
        return new SlicedImport { StartedAt = now, Mode = mode };
    }

    /// <summary>True if a slice has nothing left to read.</summary>
    public bool IsDone(Checkpoint slice) => slice is { Complete: true, Resume: null } && slice.LastSuccess >= StartedAt;

    /// <summary>True if something of a slice was committed in this import.</summary>
    public bool HasBegun(Checkpoint slice) => IsDone(slice) || ResumePoint.FromJson(slice.Resume)?.StartedAt >= StartedAt;

    /// <summary>Where a slice left off that is not done; null: it begins.</summary>
    /// <param name="checkpoint">Its checkpoint.</param>
    /// <param name="incremental">What runs after an import read.</param>
    public ResumePoint? ResumeOf(Checkpoint checkpoint, SlicedIncremental incremental) =>
        incremental == SlicedIncremental.Whole && !HasBegun(checkpoint) ? null : ResumePoint.FromJson(checkpoint.Resume);

    /// <summary>A slice as it stands. What it has read its checkpoint tells; the rest is as the store remembers it.</summary>
    /// <param name="slice">Its name.</param>
    /// <param name="checkpoint">Its checkpoint.</param>
    /// <param name="kept">What the store remembers of it in this import; null: nothing.</param>
    /// <param name="incremental">What runs after an import read.</param>
    public SliceState StateOf(string slice, Checkpoint checkpoint, SliceState? kept, SlicedIncremental incremental)
    {
        var state = kept ?? new SliceState(slice, SliceStatus.Pending);
        if (IsDone(checkpoint)) return state with { Status = SliceStatus.Done, Read = (Mode == RunMode.Incremental ? null : checkpoint.LastFullRead) ?? state.Read };
        var resume = ResumeOf(checkpoint, incremental);
        return state with { Status = SliceStatus.Pending, Read = resume?.Read ?? 0, Failed = resume?.Failed ?? 0 };
    }

    /// <summary>The one watermark of slices that were read as parts of an import; null: they have none.</summary>
    /// <param name="incremental">What the values are.</param>
    /// <param name="slices">Their checkpoints: the watermark of each is safe for all.</param>
    public string? WatermarkOf(IncrementalDefinition? incremental, IEnumerable<Checkpoint> slices)
    {
        var texts = slices.Select(s => s.Watermark).OfType<string>().ToList();
        if (incremental is null || Start is null || CursorKinds.Settle(incremental.CursorFormat, texts, StartedAt) is not { } kind) return null;
        return texts.Aggregate((CursorPoint?)null, (newest, text) => CursorPoint.Newest(newest, CursorPoint.Parse(text, kind)))?.Text;
    }

    public string ToJson() => JsonSerializer.Serialize(this, SlicedImportJson.Default.SlicedImport);

    // Of a stream that is read as a whole between its imports, this is where a scan goes on: its mode is incremental, too.
    private static SlicedImport? Begun(Checkpoint checkpoint) =>
        checkpoint.Resume is { } json ? JsonSerializer.Deserialize(json, SlicedImportJson.Default.SlicedImport) : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(SlicedImport))]
internal sealed partial class SlicedImportJson : JsonSerializerContext;
