using Tidemark.Server.Bodies;

namespace Tidemark.Server.Pushing;

/// <summary>Where the parts of one post go, in order, one at a time.</summary>
internal interface IPostSink : IAsyncDisposable
{
    /// <summary>Takes a part.</summary>
    /// <param name="part">The part: the sink disposes it.</param>
    /// <param name="request">What stands around its records.</param>
    /// <param name="number">Which part, from 0.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="Answers.ProblemException">It can't be taken.</exception>
    Task TakeAsync(RecordPart part, ReadOnlyMemory<byte> request, int number, CancellationToken cancellationToken);

    /// <summary>Answers the caller, when all parts are taken.</summary>
    Task AnswerAsync(HttpContext context);

    /// <summary>The problem that ended the post, with what the caller needs to know of the parts before.</summary>
    Answers.Problem Told(Answers.Problem problem);
}
