using System.Globalization;
using Tidemark.Http.Signals;

namespace Tidemark.Http.Calls;

/// <summary>What a query that was refused for its cost means. Pure.</summary>
internal static class QueryRefusal
{
    /// <summary>The failure: a limit, which waiting helps; or a query that can never run.</summary>
    /// <param name="failure">What was answered.</param>
    /// <param name="cost">What the server said of the cost.</param>
    public static Failure Of(Failure failure, QueryPrice cost) => cost.NeverFits
        ? failure with
        {
            What = string.Create(CultureInfo.InvariantCulture, $"was refused for its cost of {cost.Requested:0.##}, where the server has {cost.Maximum:0.##} at most"),
            RateLimited = true,
            Advice = "ask for fewer fields in the query, or set a smaller page_size of the paginator",
        }
        : failure with { Retry = true, RateLimited = true, Advice = "the server limits what queries cost; try again later" };
}
