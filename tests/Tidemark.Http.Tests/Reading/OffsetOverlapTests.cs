using System.Globalization;
using Tidemark.Http.Tests.Support;

namespace Tidemark.Http.Tests.Reading;

public sealed class OffsetOverlapTests
{
    private static readonly RestRequest Request = new() { Paginator = new OffsetPaginator { PageSize = 4 } };

    // A table that changes before a call.
    private static Func<Seen, Reply> Table(List<int> rows, params (int Call, Action<List<int>> Change)[] changes)
    {
        var call = 0;
        return seen =>
        {
            call++;
            foreach (var change in changes.Where(c => c.Call == call)) change.Change(rows);
            var offset = int.Parse(seen.Query("offset")!, CultureInfo.InvariantCulture);
            return Reply.Json($"[{string.Join(',', rows.Skip(offset).Take(4))}]");
        };
    }

    private static IEnumerable<int> Ids(IEnumerable<PageCopy> pages) => pages.SelectMany(p => p.Records).Select(r => int.Parse(r, CultureInfo.InvariantCulture));

    [Fact]
    public async Task Overlap_of_quiet_data_gives_each_record_once()
    {
        await using var server = await ScriptedServer.StartAsync(Table([.. Enumerable.Range(0, 10)]));
        await using var fixture = new Fixture();

        var pages = await fixture.ReadAsync(new RestSource { Url = server.Address }, Request);

        Ids(pages).ShouldBe(Enumerable.Range(0, 10));
        server.Requests.Select(r => r.Query("offset")).ShouldBe(["0", "3", "6", "9"]);
        fixture.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Overlap_with_records_removed_before_it_reads_again_and_loses_none()
    {
        await using var server = await ScriptedServer.StartAsync(Table([.. Enumerable.Range(0, 10)], (2, rows => rows.RemoveRange(0, 2))));
        await using var fixture = new Fixture();

        var pages = await fixture.ReadAsync(new RestSource { Url = server.Address }, Request);

        Ids(pages).ShouldBe(Enumerable.Range(0, 10));
        fixture.Warnings.ShouldHaveSingleItem().ShouldContain("data moved");
    }

    [Fact]
    public async Task Overlap_with_records_inserted_before_it_gives_none_twice()
    {
        await using var server = await ScriptedServer.StartAsync(Table([.. Enumerable.Range(0, 10)], (2, rows => rows.Insert(0, 99))));
        await using var fixture = new Fixture();

        var pages = await fixture.ReadAsync(new RestSource { Url = server.Address }, Request);

        Ids(pages).ShouldBe(Enumerable.Range(0, 10));
        fixture.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Overlap_whose_record_is_gone_goes_on_after_a_bounded_number_of_calls()
    {
        await using var server = await ScriptedServer.StartAsync(Table([.. Enumerable.Range(0, 20)], (3, rows => rows.Remove(6))));
        await using var fixture = new Fixture();

        var pages = await fixture.ReadAsync(new RestSource { Url = server.Address }, Request);

        Ids(pages).Distinct().Order().ShouldBe(Enumerable.Range(0, 20));
        server.Requests.Count.ShouldBeLessThan(12);
    }

    [Fact]
    public async Task Overlap_switched_off_asks_for_each_record_once()
    {
        await using var server = await ScriptedServer.StartAsync(Table([.. Enumerable.Range(0, 10)]));
        await using var fixture = new Fixture();

        await fixture.ReadAsync(new RestSource { Url = server.Address }, Request with { Paginator = new OffsetPaginator { PageSize = 4, Overlap = false } });

        server.Requests.Select(r => r.Query("offset")).ShouldBe(["0", "4", "8"]);
    }

    [Fact]
    public async Task Overlap_resumed_in_the_middle_compares_as_well()
    {
        await using var server = await ScriptedServer.StartAsync(Table([.. Enumerable.Range(0, 10)]));
        await using var fixture = new Fixture();
        var source = new RestSource { Url = server.Address };
        var pages = await fixture.ReadAsync(source, Request, take: 2);

        var rest = await fixture.ReadAsync(source, Request, resumeFrom: pages[1].NextPosition);

        Ids(pages.Concat(rest)).ShouldBe(Enumerable.Range(0, 10));
    }
}
