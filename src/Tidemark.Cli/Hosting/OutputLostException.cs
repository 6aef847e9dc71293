namespace Tidemark.Cli.Hosting;

/// <summary>Standard output takes nothing more.</summary>
/// <param name="cause">Why.</param>
internal sealed class OutputLostException(Exception cause)
    : Exception($"standard output can't be written: {cause.Message}. What the command has done stays done", cause);
