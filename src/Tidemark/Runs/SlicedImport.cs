using System.Text.Json;
using System.Text.Json.Serialization;
using Tidemark.Checkpoints;

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

    /// <summary>The import that a run goes on with or begins; null: <c>refresh: once</c>, and it was done.</summary>
    public static SlicedImport? Of(StreamDefinition stream, RunOptions options, Checkpoint checkpoint, bool tableHadRows, DateTimeOffset now)
    {
        // What `--since` reads moves no checkpoint, so it is no part of an import.
        if (options.Since is not null && !options.Full) return new SlicedImport { StartedAt = now, Mode = RunMode.Incremental };
        var begun = checkpoint.Resume is { } json ? JsonSerializer.Deserialize(json, SlicedImportJson.Default.SlicedImport) : null;
        // As with a scan: `--full` goes on with nothing but what an earlier `--full`, or the first run, began.
        if (begun is not null && !(options.Full && begun.Mode == RunMode.Incremental)) return begun;
        if (stream.Refresh == Refresh.Once && !options.Full && begun is null && (checkpoint.Complete || tableHadRows)) return null;
        var mode = !checkpoint.Complete ? RunMode.First : options.Full || stream.Incremental is null ? RunMode.Full : RunMode.Incremental;
        return new SlicedImport { StartedAt = now, Mode = mode };
    }

    /// <summary>True if a slice has nothing left to read.</summary>
    public bool IsDone(Checkpoint slice) => slice is { Complete: true, Resume: null } && slice.LastSuccess >= StartedAt;

    public string ToJson() => JsonSerializer.Serialize(this, SlicedImportJson.Default.SlicedImport);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(SlicedImport))]
internal sealed partial class SlicedImportJson : JsonSerializerContext;
