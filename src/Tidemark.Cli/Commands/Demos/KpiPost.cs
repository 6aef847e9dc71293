namespace Tidemark.Cli.Commands.Demos;

/// <summary>A post of KPIs.</summary>
/// <param name="Key">Its Idempotency-Key.</param>
/// <param name="Body">What is posted.</param>
/// <param name="Entries">The entries of sellers who are there, as they have to be in the table afterwards.</param>
internal sealed record KpiPost(string Key, string Body, IReadOnlyList<string> Entries);
