namespace Tidemark.Pushing;

/// <summary>A record of a post that was not written; the others were.</summary>
/// <param name="Index">Its place in the post, from 0.</param>
/// <param name="Key">Its primary key, values joined by commas; null: it has none that can be read.</param>
/// <param name="Code">Why, for programs: one of <see cref="RejectionCode"/>.</param>
/// <param name="Message">Why, for people: what was found, what was expected.</param>
public sealed record RejectedRecord(int Index, string? Key, string Code, string Message);
