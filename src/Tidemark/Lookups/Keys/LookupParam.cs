using System.Text.RegularExpressions;
using Tidemark.Records;

namespace Tidemark.Lookups.Keys;

/// <summary>A parameter that callers of a lookup may give.</summary>
public sealed record LookupParam
{
    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it may be; default: text.</summary>
    public LookupParamType Type { get; init; }

    /// <summary>Whether callers have to give it; null (default): where the key names it and it has no <see cref="Default"/>.</summary>
    public bool? Required { get; init; }

    /// <summary>Its value where a caller gives none; null (default): it is absent then.</summary>
    public ScalarValue? Default { get; init; }

    /// <summary>What the whole of a text has to match; null (default): anything. Texts come from anybody: with <see cref="RegexOptions.NonBacktracking"/> none can take for ever.</summary>
    public Regex? Pattern { get; init; }

    /// <summary>The smallest number; null (default): any.</summary>
    public decimal? Min { get; init; }

    /// <summary>The largest number; null (default): any.</summary>
    public decimal? Max { get; init; }
}
