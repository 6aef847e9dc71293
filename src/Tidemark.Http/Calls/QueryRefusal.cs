using System.Globalization;
using Tidemark.Http.Signals;

namespace Tidemark.Http.Calls;

/// <summary>Decides what to do about a query that was refused for its cost. Pure.</summary>
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

    /// <summary>
    /// True if a smaller page is worth a try: waiting never helps, or it did not help: there was less than needed again after the wait, as where others spend it.
    /// </summary>
    /// <param name="cost">What the server said of the cost.</param>
    /// <param name="refusals">How often the page was refused, this time included.</param>
    public static bool AsksForLess(QueryPrice cost, int refusals) => cost.NeverFits || refusals > 1;
}
