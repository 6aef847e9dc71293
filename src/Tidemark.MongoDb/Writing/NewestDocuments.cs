using System.Globalization;
using System.Text;
using Tidemark.Destinations;
using Tidemark.MongoDb.Bson;
using Tidemark.MongoDb.Collections;
using Tidemark.MongoDb.Native;
using Tidemark.Records;

namespace Tidemark.MongoDb.Writing;

/// <summary>A look at the newest documents of a collection.</summary>
internal static class NewestDocuments
{
    /// <summary>Reads them: by the cursor field where there is one, else by <c>_id</c>.</summary>
    /// <exception cref="DestinationException">There is no such collection.</exception>
    public static async Task<TableSample> ReadAsync(MongoSession session, StreamTarget target, int limit, CancellationToken cancellationToken)
    {
        if (await CollectionInfo.FindAsync(session, target.Table, cancellationToken) is null)
            throw new DestinationException(DestinationFault.Fatal, $"the collection '{target.Table}' does not exist in '{session.Errors.Name}' yet: run the stream first");
        var types = await ColumnCollection.ReadAsync(session, target.Table, cancellationToken);
        var documents = await session.FindAsync(
            target.Table,
            static _ => { },
            w =>
            {
                w.Begin("sort"u8);
                w.Int32(Encoding.UTF8.GetBytes(target.CursorField ?? "_id"), -1);
                w.End();
                w.Int64("limit"u8, limit);
            },
            cancellationToken);
        var showsId = types.ContainsKey("_id") || target.Schema.PrimaryKey.Contains("_id", StringComparer.Ordinal);
        var columns = new List<string>();
        var rows = documents.ConvertAll(d => RowOf(d, columns, types, showsId));
        return new TableSample(columns, [.. rows.Select(r => (IReadOnlyList<object?>)[.. columns.Select(c => r.GetValueOrDefault(c))])], await session.CountAsync(target.Table, cancellationToken));
    }

    private static Dictionary<string, object?> RowOf(byte[] document, List<string> columns, Dictionary<string, ColumnType> types, bool showsId)
    {
        var row = new Dictionary<string, object?>(StringComparer.Ordinal);
        var reader = new BsonReader(document);
        while (reader.Next())
        {
            var name = Encoding.UTF8.GetString(reader.Current.Name);
            if (name.StartsWith(ColumnCollection.Prefix, StringComparison.Ordinal) || (name == "_id" && !showsId)) continue;
            if (!columns.Contains(name, StringComparer.Ordinal)) columns.Add(name);
            // A day is a point in time to MongoDB.
            row[name] = reader.Current.Time is { } time && types.TryGetValue(name, out var type) && type == ColumnType.Date
                ? time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
                : BsonText.ValueOf(reader.Current);
        }
        return row;
    }
}
