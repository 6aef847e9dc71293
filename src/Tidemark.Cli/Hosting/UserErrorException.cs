namespace Tidemark.Cli.Hosting;

/// <summary>Something that the user has to mend: printed as it is, without a stack trace.</summary>
/// <param name="message">What was found, what was expected, what to do.</param>
/// <param name="exitCode">What the process answers.</param>
internal sealed class UserErrorException(string message, int exitCode = ExitCode.Usage) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
