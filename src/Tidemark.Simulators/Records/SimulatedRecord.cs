using System.Text.Json;

namespace Tidemark.Simulators.Records;

/// <summary>A record that never changes; an update puts another in its place.</summary>
/// <param name="id">Unique in its kind.</param>
/// <param name="utf8">The JSON object as it is sent.</param>
/// <param name="keys">The values that can be sorted and filtered by, in the order of its table's keys.</param>
internal sealed class SimulatedRecord(string id, byte[] utf8, string[] keys)
{
    private JsonDocument? _document;

    public string Id { get; } = id;

    public byte[] Utf8 { get; } = utf8;

    /// <summary>Parsed at the first use; two requests that race parse the same bytes twice.</summary>
    public JsonElement Data => (_document ??= JsonDocument.Parse(Utf8)).RootElement;

    /// <summary>The value of a key; a negative number stands for the identifier.</summary>
    public string Key(int key) => key < 0 ? Id : keys[key];
}
