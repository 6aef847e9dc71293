namespace Tidemark.Cli.Commands;

/// <summary>What trying a destination told.</summary>
/// <param name="Destination">Its name.</param>
/// <param name="Server">What it is, in words; null: it can't be used.</param>
/// <param name="Error">Why it can't be used; null: it can.</param>
internal sealed record DestinationCheck(string Destination, string? Server, string? Error);
