namespace Tidemark.Lookups;

/// <summary>What history is told of a request beside its parameters.</summary>
/// <param name="Header">The value of a header; null: there is none of this name.</param>
public sealed record LookupRequest(Func<string, string?> Header)
{
    /// <summary>A request of a program: it has no headers.</summary>
    public static LookupRequest OfProgram { get; } = new(static _ => null);
}
