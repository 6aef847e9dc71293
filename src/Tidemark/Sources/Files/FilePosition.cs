using System.Globalization;

namespace Tidemark.Sources.Files;

/// <summary>Where a page starts.</summary>
/// <param name="File">Which of the files, from 0, in their order.</param>
/// <param name="Offset">The byte in it, unpacked.</param>
/// <param name="Line">The line in it, from 1.</param>
/// <param name="Name">The file's name as the pattern found it: should files have come or gone since, the position is refused.</param>
internal readonly record struct FilePosition(int File, long Offset, long Line, string Name)
{
    /// <summary><c>FILE:OFFSET:LINE:NAME</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}:{Offset}:{Line}:{Name}");

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <param name="text">The text.</param>
    /// <param name="position">The position.</param>
    public static bool TryParse(string text, out FilePosition position)
    {
        position = default;
        if (text.Split(':', 4) is not [var file, var offset, var line, var name]) return false;
        if (!int.TryParse(file, NumberStyles.None, CultureInfo.InvariantCulture, out var f)) return false;
        if (!long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var o)) return false;
        if (!long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var l)) return false;
        position = new FilePosition(f, o, l, name);
        return true;
    }
}
