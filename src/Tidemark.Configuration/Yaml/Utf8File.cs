using System.Text;
using System.Text.Unicode;
using Tidemark.Definitions;

namespace Tidemark.Configuration.Yaml;

/// <summary>Text files of the user's, as UTF-8 and nothing else.</summary>
internal static class Utf8File
{
    /// <summary>Reads a file; null if it can't be read as text, and then it was said.</summary>
    /// <param name="file">The file, which is there.</param>
    /// <param name="problems">Where problems go.</param>
    public static string? Read(string file, ConfigProblems problems)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(new Location(file, 0, 0), $"the file can't be read: {e.Message}");
            return null;
        }
        var text = bytes.AsSpan();
        if (text.StartsWith("\uFEFF"u8)) text = text[3..];
        if (Utf8.IsValid(text)) return Encoding.UTF8.GetString(text);
        problems.Add(PlaceOfInvalid(file, text), "found bytes that are not UTF-8; save the file as UTF-8");
        return null;
    }

    private static Location PlaceOfInvalid(string file, ReadOnlySpan<byte> text)
    {
        var line = 1;
        var column = 1;
        while (Rune.DecodeFromUtf8(text, out var rune, out var length) == System.Buffers.OperationStatus.Done)
        {
            (line, column) = rune.Value == '\n' ? (line + 1, 1) : (line, column + 1);
            text = text[length..];
        }
        return new Location(file, line, column);
    }
}
