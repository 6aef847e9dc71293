using System.Globalization;

namespace Tidemark.Simulators.Enrichment;

/// <summary>
/// Writes reviews: in every sentence each part is drawn from eight, so that two good reviews share few runs of three words.
/// </summary>
internal static class ReviewText
{
    private static readonly string[][][] Sentences =
    [
        [
            ["For years {name} has been", "People around here know {name} as", "We came to {name} and found", "Ask anyone and {name} is", "At first sight {name} seems", "Since our move {name} has become", "My neighbour calls {name}", "Nobody would guess that {name} is"],
            ["a quiet place of honest work", "the first address for careful service", "one of the better firms nearby", "a family business with real pride", "a small team that knows its trade", "an old house with new ideas", "something between a workshop and an office", "the kind of firm that answers"],
            ["in the middle of {place}.", "not far from the station of {place}.", "on the edge of {place}.", "for everybody who lives in {place}.", "and {place} would miss it.", "well beyond the borders of {place}.", "where {place} meets the open fields.", "right behind the market of {place}."],
        ],
        [
            ["Our order took {n} days", "The estimate came after {n} minutes", "We waited {n} days for an answer", "They have {n} people on the job", "In {n} visits we saw", "The invoice listed {n} positions", "About {n} customers came that morning", "With {n} years behind them"],
            ["and nothing had to be repeated", "although the weather was against us", "while the phone never stopped ringing", "yet everyone stayed friendly and calm", "which is quicker than elsewhere", "though the parking is a nightmare", "and each question was taken seriously", "because the supplier delivered late"],
            ["except for one missing screw.", "as had been promised in writing.", "to the very last detail.", "and the price did not change.", "even on a Saturday afternoon.", "until the owner stepped in.", "without any fuss at all.", "thanks to a patient apprentice."],
        ],
        [
            ["The owner explained", "A young colleague showed us", "On the wall hangs", "What surprised us most was", "Their website hardly mentions", "Behind the counter stands", "Less convincing was", "Every visitor notices"],
            ["how the old machines still run", "a photograph of the founding year", "the smell of wood and coffee", "why cheap parts cost more later", "a shelf full of spare pieces", "the time it takes to park", "what had gone wrong last winter", "the list of their own suppliers"],
            ["and we believed every word.", "before anything was signed.", "next to a sleeping dog.", "with a smile and a shrug.", "in words a child understands.", "which others keep to themselves.", "although nobody had asked.", "as if it were a museum."],
        ],
        [
            ["All in all", "To put it briefly", "If you need help", "Next time", "Despite small delays", "Compared with larger firms", "After {n} months of use", "When the bill arrived"],
            ["we would go there again", "four stars seem fair to us", "the work still holds perfectly", "the balance is clearly positive", "we felt treated as equals", "there was no reason to complain", "our doubts had gone away", "call before the holidays begin"],
            ["and tell our friends.", "with the same good feeling.", "at any time of year.", "provided one books early.", "and that says enough.", "for work of this kind.", "whatever the others write.", "as long as they stay."],
        ],
    ];

    public static string Write(Random random, ReviewedCompany company) => string.Join(' ', Sentences.Select(sentence =>
        string.Join(' ', sentence.Select(parts => parts[random.Next(parts.Length)]))
            .Replace("{name}", company.Name, StringComparison.Ordinal)
            .Replace("{place}", company.Place, StringComparison.Ordinal)
            .Replace("{n}", random.Next(2, 60).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)));
}
