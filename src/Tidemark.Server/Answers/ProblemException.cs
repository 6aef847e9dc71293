namespace Tidemark.Server.Answers;

/// <summary>Ends a request with a problem.</summary>
/// <param name="problem">The problem.</param>
/// <param name="innerException">The cause.</param>
internal sealed class ProblemException(Problem problem, Exception? innerException = null) : Exception(problem.Detail, innerException)
{
    public ProblemException(int status, string code, string detail, Exception? innerException = null) : this(new Problem(status, code, detail), innerException)
    {
    }

    public Problem Problem { get; } = problem;
}
