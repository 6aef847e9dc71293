using Tidemark.Destinations;
using Tidemark.Records;

namespace Tidemark.Pushing;

/// <summary>Records that somebody has posted, on their way into a destination. It is made by whoever received it; who takes it (<see cref="IPostWriter"/>) disposes it.</summary>
/// <param name="bytes">UTF-8, with the records in it; the post owns them from now on.</param>
/// <param name="records">Where each record lies, in the order of the post; at most <see cref="MaxRecords"/>. They need not be JSON: what is not is rejected by its index.</param>
public sealed class Post(PooledBuffer bytes, IReadOnlyList<RecordSlice> records) : IDisposable
{
    /// <summary>So many records are one batch, answered together; more are split by whoever received them.</summary>
    public const int MaxRecords = 10_000;

    /// <summary>How many records.</summary>
    public int Count => records.Count;

    /// <summary>How many bytes.</summary>
    public int ByteSize => bytes.Length;

    /// <summary>The JSON object around the records, or as much of it as the target's <see cref="PushTarget.Copy"/> and references ask for; empty: there is none.</summary>
    public ReadOnlyMemory<byte> Request { get; init; }

    /// <summary>What makes a repeat harmless; null: nothing does.</summary>
    public IdempotencyKey? Key { get; init; }

    /// <summary>
    /// Where there is a <see cref="Key"/>: what is kept under it, and given back as <see cref="PostAnswer.Stored"/> when the post comes again. Called, maybe several times, before
    /// the post is committed, with the answer that it will have.
    /// </summary>
    public Func<PostAnswer, ReadOnlyMemory<byte>>? Store { get; init; }

    /// <summary>The position that its commit moves, for delivery from an inbox; such a post is never gathered with others. Null: none.</summary>
    public SharedPosition? Position { get; init; }

    /// <summary>The bytes of a record.</summary>
    /// <param name="index">Which one.</param>
    public ReadOnlySpan<byte> Record(int index) => bytes.Written.Slice(records[index].Offset, records[index].Length);

    /// <inheritdoc/>
    public void Dispose() => bytes.Dispose();
}
