using System.Text.Json;
using Tidemark.Lookups;
using Tidemark.Server.Answers;

namespace Tidemark.Server.Lookups;

/// <summary>An answer as JSON.</summary>
internal static class LookupAnswerJson
{
    /// <summary>How soon a caller should come again where nobody knows better.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    public static void Write(Utf8JsonWriter json, LookupAnswer answer)
    {
        json.WriteStartObject();
        if (answer.Problem is { } problem)
        {
            var (status, code) = StatusOf(problem.Failure);
            json.WriteStartObject("problem");
            json.WriteNumber("status", status);
            json.WriteString("code", code);
            json.WriteString("detail", problem.Message);
            json.WriteEndObject();
            json.WriteEndObject();
            return;
        }
        json.WritePropertyName("value");
        if (answer.Value.IsEmpty) json.WriteNullValue();
        else json.WriteRawValue(answer.Value.Span, skipInputValidation: true);
        json.WriteBoolean("cached", answer.Cached);
        json.WriteBoolean("stale", answer.Stale);
        json.WriteNumber("hit_count", answer.HitCount);
        json.WriteString("created_at", answer.CreatedAt.UtcDateTime);
        json.WriteString("expires_at", answer.ExpiresAt.UtcDateTime);
        json.WriteNumber("cost", answer.Cost);
        json.WriteEndObject();
    }

    /// <summary>Why there is none, as the answer to a whole request.</summary>
    public static Problem ProblemOf(LookupException e, DateTimeOffset now)
    {
        var (status, code) = StatusOf(e.Failure);
        var wait = e.RetryAt is { } at && at > now ? at - now : Soon;
        return new Problem(status, code, e.Message) { RetryAfter = status == StatusCodes.Status503ServiceUnavailable ? wait : null };
    }

    private static (int Status, string Code) StatusOf(LookupFailure failure) => failure switch
    {
        LookupFailure.Quota => (StatusCodes.Status503ServiceUnavailable, "quota_exhausted"),
        LookupFailure.Database => (StatusCodes.Status503ServiceUnavailable, "destination_unavailable"),
        LookupFailure.Timeout => (StatusCodes.Status504GatewayTimeout, "source_timeout"),
        LookupFailure.Misfit => (StatusCodes.Status502BadGateway, "answer_does_not_fit"),
        _ => (StatusCodes.Status502BadGateway, "source_failed"),
    };
}
