using System.Text.RegularExpressions;

namespace Tidemark.Configuration.Shapes;

/// <summary>Regular expressions for texts that come from anybody: the time that one takes is linear in the length of the text, whatever both are. A limit by the clock would refuse good texts on a busy machine.</summary>
internal static class LinearPattern
{
    /// <summary>Reads one.</summary>
    /// <param name="text">The expression.</param>
    /// <exception cref="FormatException">It is none, or can't be matched in linear time.</exception>
    public static Regex Parse(string text)
    {
        try
        {
            return new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (RegexParseException e)
        {
            throw new FormatException($"found the pattern '{text}', which is no regular expression: {e.Error} at position {e.Offset + 1}", e);
        }
        catch (NotSupportedException e)
        {
            throw new FormatException($"found the pattern '{text}', which needs to go back in the text: take look-around, back-references, conditions and atomic groups out", e);
        }
    }
}
