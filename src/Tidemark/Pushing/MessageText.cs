using System.Text;

namespace Tidemark.Pushing;

/// <summary>A message with fields in it: <c>Seller {seller_id} not found</c>.</summary>
internal static class MessageText
{
    /// <summary>The fields that a message names.</summary>
    public static IEnumerable<string> FieldsOf(string? message)
    {
        for (var at = message?.IndexOf('{', StringComparison.Ordinal) ?? -1; at >= 0; at = message!.IndexOf('{', at + 1))
        {
            var end = message!.IndexOf('}', at);
            if (end < 0) yield break;
            yield return message[(at + 1)..end];
        }
    }

    /// <summary>The message with values in the place of its fields; a field without a value stays as it is written.</summary>
    /// <param name="message">The message.</param>
    /// <param name="valueOf">Tells the value of a field.</param>
    public static string Of(string message, Func<string, string?> valueOf)
    {
        var text = new StringBuilder();
        var done = 0;
        for (var at = message.IndexOf('{', StringComparison.Ordinal); at >= 0; at = message.IndexOf('{', done))
        {
            var end = message.IndexOf('}', at);
            if (end < 0) break;
            text.Append(message, done, at - done).Append(valueOf(message[(at + 1)..end]) ?? message[at..(end + 1)]);
            done = end + 1;
        }
        return text.Append(message, done, message.Length - done).ToString();
    }
}
