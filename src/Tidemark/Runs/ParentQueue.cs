using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Tidemark.Destinations;
using Tidemark.Records;
using Tidemark.Sources;

namespace Tidemark.Runs;

/// <summary>
/// The parents whose children are still to be read. They wait in the destination, put there in the transaction that wrote them, so that a crash between
/// parent and child loses no call.
/// </summary>
internal static class ParentQueue
{
    private const int Bite = 500;

    /// <summary>The name of a child stream's queue.</summary>
    public static string Name(string pipeline, string child) => $"{pipeline}/{child}";

    /// <summary>The fields of a parent record that a child asks for, as a JSON object.</summary>
    public static ReadOnlyMemory<byte> Item(ReadOnlySpan<byte> record, IReadOnlyList<string> include)
    {
        var item = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(item))
        {
            writer.WriteStartObject();
            foreach (var field in include)
            {
                if (JsonPath.Parse(field).FindText(record) is { } text) writer.WriteString(field, text);
            }
            writer.WriteEndObject();
        }
        return item.WrittenMemory;
    }

    /// <summary>The fields of an item.</summary>
    public static Dictionary<string, string> Fields(ReadOnlyMemory<byte> item)
    {
        using var json = JsonDocument.Parse(item);
        return json.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal);
    }

    /// <summary>The waiting parents, oldest first, with the templates' values; those that come while they are read are left for the next run.</summary>
    public static async IAsyncEnumerable<(long Number, TemplateValues Values)> ReadAsync(
        Func<long, int, Task<IReadOnlyList<QueueItem>>> peek, TemplateValues values, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = 0L;
        while (!cancellationToken.IsCancellationRequested && await peek(after, Bite) is { Count: > 0 } items)
        {
            foreach (var item in items)
            {
                yield return (item.Number, values with { Parent = Fields(item.Json) });
                after = item.Number;
            }
        }
    }
}
