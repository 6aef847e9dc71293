using System.Globalization;
using System.Text;
using Tidemark.Destinations;
using Tidemark.MongoDb.Bson;
using Tidemark.MongoDb.Collections;
using Tidemark.MongoDb.Native;
using Tidemark.MongoDb.Values;
using Tidemark.MongoDb.Writing;
using Tidemark.Records;

namespace Tidemark.MongoDb.Sharing;

/// <summary>
/// Looks which documents are there: one <c>find</c> a query, with an <c>$in</c> of scalars for each field. Where several fields are asked for, it finds all combinations, and which of them were
/// asked for is sorted out here.
/// </summary>
internal sealed class MongoReferences
{
    private static readonly TimeSpan Known = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, long> _seenAt = new(StringComparer.Ordinal);

    /// <summary>For each tuple of a query, whether there is such a document.</summary>
    /// <exception cref="ReferenceException">There is no such collection.</exception>
    public async Task<bool[]> FindAsync(MongoSession session, ReferenceQuery query, CancellationToken cancellationToken)
    {
        if (query.Tuples.Count == 0) return [];
        var names = query.Columns.Select(Encoding.UTF8.GetBytes).ToArray();
        var asked = query.Tuples.Select(ValuesOf).ToList();
        var documents = await session.FindAsync(query.Table, w => WriteFilter(w, names, asked), w => WriteOptions(w, names), cancellationToken);
        if (documents.Count > 0) _seenAt[query.Table] = TimeProvider.System.GetTimestamp();
        else await CheckAsync(session, query, cancellationToken);
        var found = documents.Select(d => Identity(names.Select(n => KeyEncoder.IdentityOf(BsonReader.Find(d, n))))).ToHashSet(StringComparer.Ordinal);
        return [.. asked.Select(a => found.Contains(Identity(a.Select(v => KeyEncoder.IdentityOf(BsonReader.Find(v, "v"u8))))))];
    }

    // A collection that is not there is empty to MongoDB, but to those who post it is something that somebody has yet to make. Where documents were found lately, nothing more is asked.
    private async Task CheckAsync(MongoSession session, ReferenceQuery query, CancellationToken cancellationToken)
    {
        if (_seenAt.TryGetValue(query.Table, out var at) && TimeProvider.System.GetElapsedTime(at) < Known) return;
        _ = await CollectionInfo.FindAsync(session, query.Table, cancellationToken) ?? throw new ReferenceException(query, "there is no such collection");
        _seenAt[query.Table] = TimeProvider.System.GetTimestamp();
    }

    private static byte[][] ValuesOf(IReadOnlyList<ScalarValue> tuple) => [.. tuple.Select(value => BsonWriter.Document(w => Write(w, "v"u8, value)))];

    private static void Write(BsonWriter writer, ReadOnlySpan<byte> name, ScalarValue value)
    {
        switch (value.Kind)
        {
            case ScalarKind.Boolean:
                writer.Boolean(name, string.Equals(value.Text, "true", StringComparison.Ordinal));
                break;
            case ScalarKind.Number:
                NestedEncoder.WriteNumber(writer, name, Encoding.ASCII.GetBytes(value.Text));
                break;
            default:
                writer.String(name, value.Text);
                break;
        }
    }

    private static void WriteFilter(BsonWriter writer, byte[][] names, List<byte[][]> tuples)
    {
        for (var column = 0; column < names.Length; column++)
        {
            var values = tuples.Select(t => t[column]).DistinctBy(static v => KeyEncoder.IdentityOf(BsonReader.Find(v, "v"u8)), StringComparer.Ordinal).ToList();
            writer.In(names[column], values, static (w, name, value) => w.Copy(name, value, "v"u8));
        }
    }

    private static void WriteOptions(BsonWriter writer, byte[][] names)
    {
        writer.Begin("projection"u8);
        foreach (var name in names) writer.Int32(name, 1);
        if (!Array.Exists(names, n => n.AsSpan().SequenceEqual("_id"u8))) writer.Int32("_id"u8, 0);
        writer.End();
        // All of them in one answer.
        writer.Int32("batchSize"u8, 1_000_000);
    }

    private static string Identity(IEnumerable<string> values) => string.Join('\0', values.Select(v => v.Length.ToString(CultureInfo.InvariantCulture) + v));
}
