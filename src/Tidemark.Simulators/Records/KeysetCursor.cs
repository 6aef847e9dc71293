using System.Buffers.Text;
using System.Text;

namespace Tidemark.Simulators.Records;

/// <summary>
/// A place in an order: after the record with this key and identifier, whether or not that record still exists. This is what
/// keeps paging exact while records come and go.
/// </summary>
internal readonly record struct KeysetCursor(string Sort, string Key, string Id)
{
    public static KeysetCursor At(SortOrder order, SimulatedRecord record) => new(order.Name, record.Key(order.Key), record.Id);

    public string Encode() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{Sort}\n{Key}\n{Id}"));

    public static bool TryDecode(string text, out KeysetCursor cursor)
    {
        cursor = default;
        if (!Base64Url.IsValid(text))
            return false;
        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split('\n');
        if (parts.Length != 3)
            return false;
        cursor = new KeysetCursor(parts[0], parts[1], parts[2]);
        return true;
    }
}
