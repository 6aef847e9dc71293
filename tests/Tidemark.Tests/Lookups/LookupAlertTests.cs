using Tidemark.Destinations;
using Tidemark.Lookups;
using Tidemark.Lookups.Alerts;

namespace Tidemark.Tests.Lookups;

public sealed class LookupAlertTests
{
    [Theory]
    [InlineData(0, 0, 0, "", "0 entries, at most 10000; not judged with 0 entries; not judged with 0 entries")]
    [InlineData(10_000, 20_000, 2000, "", "10000 entries, at most 10000; an entry was served 2 times on average, at least 2; 20 % of the entries are past their clean-up time, at most 20 %")]
    [InlineData(10_001, 20_001, 2001, "entries average_reuse expired", "10001 entries, more than 10000; an entry was served 2 times on average, less than 2; 20.01 % of the entries are past their clean-up time, more than 20 %")]
    [InlineData(99, 0, 99, "", "99 entries, at most 10000; not judged with 99 entries; not judged with 99 entries")]
    [InlineData(100, 0, 20, "average_reuse", "100 entries, at most 10000; an entry was served 0 times on average, less than 2; 20 % of the entries are past their clean-up time, at most 20 %")]
    public void Alerts_are_on_beyond_their_limits_and_not_at_them(long entries, long hits, long overdue, string on, string messages)
    {
        var alerts = LookupAlert.Judge(new LookupAlerts(), Figures(entries, hits, overdue));
        string.Join(' ', alerts.Where(a => a.IsOn).Select(a => a.Name)).ShouldBe(on);
        string.Join("; ", alerts.Select(a => a.Message)).ShouldBe(messages);
    }

    [Fact]
    public void Few_entries_are_judged_where_that_is_wanted() =>
        LookupAlert.Judge(new LookupAlerts { MinEntries = 0 }, Figures(1, 0, 1)).Where(a => a.IsOn).Select(a => a.Name).ShouldBe(["average_reuse", "expired"]);

    [Fact]
    public void Alerts_can_be_turned_off()
    {
        var alerts = LookupAlert.Judge(new LookupAlerts { Entries = long.MaxValue, AverageReuse = 0, Expired = 1 }, Figures(1_000_000, 0, 1_000_000));
        alerts.ShouldAllBe(a => !a.IsOn);
    }

    private static LookupFigures Figures(long entries, long hits, long overdue) => new("l", new KeptFigures(entries, hits, overdue, overdue, null), default, new Dictionary<string, long>(StringComparer.Ordinal));
}
