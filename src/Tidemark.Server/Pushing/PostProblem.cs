using Tidemark.Pushing;
using Tidemark.Server.Answers;

namespace Tidemark.Server.Pushing;

/// <summary>Why a post was not written, as its caller is told.</summary>
internal static class PostProblem
{
    public static Problem InFlight { get; } =
        new(StatusCodes.Status409Conflict, "in_flight", $"a post with the same {IdempotencyHeader.Name} is being worked on right now; come again for its answer") { RetryAfter = TimeSpan.FromSeconds(1) };

    public static Problem KeyReused { get; } =
        new(StatusCodes.Status422UnprocessableEntity, "idempotency_key_reused", $"the {IdempotencyHeader.Name} was used for another payload; a new post needs a new key");

    public static Problem Of(PostAnswer answer) => answer.Status switch
    {
        PostStatus.InFlight => InFlight,
        PostStatus.KeyReused => KeyReused,
        PostStatus.Refused => new Problem(StatusCodes.Status422UnprocessableEntity, "request_refused", answer.Problem ?? "the request is refused"),
        PostStatus.Full => new Problem(StatusCodes.Status429TooManyRequests, "too_much", answer.Problem ?? "too much waits") { RetryAfter = answer.RetryAfter ?? TimeSpan.FromSeconds(2) },
        PostStatus.Unavailable => new Problem(StatusCodes.Status503ServiceUnavailable, "destination_unavailable", answer.Problem ?? "the database can't be reached") { RetryAfter = answer.RetryAfter ?? TimeSpan.FromSeconds(5) },
        PostStatus.NotReady => new Problem(StatusCodes.Status503ServiceUnavailable, "reference_missing", answer.Problem ?? "a table of references is missing") { RetryAfter = answer.RetryAfter ?? TimeSpan.FromSeconds(30) },
        _ => new Problem(StatusCodes.Status500InternalServerError, "destination_failed", answer.Problem ?? "the database failed"),
    };
}
