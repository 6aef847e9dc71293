using System.Text.Json;
using Tidemark.Http.Wire;
using Tidemark.Records;

namespace Tidemark.Http.Calls;

/// <summary>Decides what an answer is: a page, an empty page, or a failure. Pure.</summary>
/// <param name="Failure">Why there is no page; null: there is one.</param>
/// <param name="Ends">True if the paging ends with this page.</param>
internal readonly record struct Verdict(Failure? Failure, bool Ends)
{
    /// <summary>Decides.</summary>
    /// <param name="rules">The error handler; the first match wins.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="reader">Reads a body.</param>
    /// <param name="records">Where records go.</param>
    public static Verdict Of(IReadOnlyList<ErrorRule> rules, RawAnswer answer, IAnswerReader reader, List<RecordSlice> records)
    {
        var body = answer.Body.Written;
        var says = new Failure($"answered {answer.Status}{(answer.Reason is { Length: > 0 } reason ? " " + reason : "")}")
        {
            Status = answer.Status,
            RetryAfter = answer.Wait,
            QuotaWaits = answer.QuotaWaits,
            MayBePosition = RefusesPosition(answer.Status),
        };
        foreach (var rule in rules)
        {
            if (rule.Matches(answer.Status, body)) return ByRule(rule, says);
        }
        if (answer.Status is >= 200 and < 300) return OfBody(answer, says, reader, records);
        return new Verdict(answer.Status switch
        {
            429 => says with { Retry = true, RateLimited = true },
            // A refusal that says when to come back is a limit: GitHub's secondary limits are 403.
            403 when answer.Wait is not null => says with { Retry = true, RateLimited = true },
            408 or >= 500 => says with { Retry = true },
            401 => says with { RefreshToken = true },
            _ => says,
        }, Ends: false);
    }

    /// <summary>True for a status that a server gives to a position that it no longer knows.</summary>
    /// <param name="status">The status.</param>
    public static bool RefusesPosition(int status) => status is 400 or 404 or 410 or 422;

    private static Verdict ByRule(ErrorRule rule, Failure says)
    {
        var named = says with { What = $"{says.What}, which the error_handler matches (action {Name(rule.Action)})" };
        return rule.Action switch
        {
            ErrorAction.Ignore => new Verdict(null, Ends: true),
            ErrorAction.Retry => new Verdict(named with { Retry = true }, Ends: false),
            ErrorAction.RateLimited => new Verdict(named with { Retry = true, RateLimited = true }, Ends: false),
            ErrorAction.RefreshToken => new Verdict(named with { RefreshToken = true }, Ends: false),
            _ => new Verdict(named, Ends: false),
        };
    }

    private static string Name(ErrorAction action) => action switch
    {
        ErrorAction.RateLimited => "rate_limited",
        ErrorAction.RefreshToken => "refresh_token",
        _ => action.ToString().ToLowerInvariant(),
    };

    private static Verdict OfBody(RawAnswer answer, Failure says, IAnswerReader reader, List<RecordSlice> records)
    {
        var body = answer.Body.Written;
        var start = body.IndexOfAnyExcept(" \t\r\n"u8);
        if (start < 0) return new Verdict(null, Ends: true);
        if (body[start] == '<')
        {
            return new Verdict(says with { What = $"{says.What} with HTML or XML instead of JSON", Retry = true, Advice = "check the source's url: is it the API's own address, not a page for people?" }, Ends: false);
        }
        try
        {
            if (reader.Read(body, records) is not { } failure) return new Verdict(null, Ends: false);
            failure = failure with { Status = says.Status, RetryAfter = says.RetryAfter, QuotaWaits = says.QuotaWaits };
            return new Verdict(answer.Price is { Throttled: true } cost ? QueryRefusal.Of(failure, cost) : failure, Ends: false);
        }
        catch (JsonException e)
        {
            return new Verdict(says with { What = $"{says.What} with a body that is not whole JSON ({e.Message.Split(" LineNumber:")[0]})", Retry = true, Cause = e, Advice = $"the answer may be cut off, or nested deeper than {JsonPath.MaxDepth}; try again later or ask for smaller pages" }, Ends: false);
        }
    }
}
