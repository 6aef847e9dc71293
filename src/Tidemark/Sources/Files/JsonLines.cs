using Tidemark.Records;

namespace Tidemark.Sources.Files;

/// <summary>Finds the records in JSON lines. Nothing is parsed: a line that is no JSON becomes a failed record later, with its text.</summary>
internal static class JsonLines
{
    /// <summary>The lines that are not blank, without their line breaks.</summary>
    /// <param name="bytes">Whole lines.</param>
    /// <param name="start">Where they begin in it.</param>
    /// <param name="lines">How many there are at most.</param>
    public static List<RecordSlice> Find(ReadOnlySpan<byte> bytes, int start, int lines)
    {
        var records = new List<RecordSlice>(lines);
        while (start < bytes.Length)
        {
            var length = bytes[start..].IndexOf((byte)'\n');
            if (length < 0) length = bytes.Length - start;
            var line = bytes.Slice(start, length).TrimEnd((byte)'\r');
            if (line.IndexOfAnyExcept(" \t\r"u8) >= 0) records.Add(new RecordSlice(start, line.Length));
            start += length + 1;
        }
        return records;
    }
}
