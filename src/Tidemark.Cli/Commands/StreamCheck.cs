using Tidemark.Runs;

namespace Tidemark.Cli.Commands;

/// <summary>What one page of a stream told.</summary>
internal sealed record StreamCheck(string Stream, DryRunReport? Report, string? Error, int ExitCode);
