using System.Text;
using Tidemark.Server.Answers;
using Tidemark.Server.Bodies;

namespace Tidemark.Server.Tests.Bodies;

public sealed class RecordReaderTests
{
    private static readonly int[] Sizes = [1, 2, 3, 7, 64, 65_536, int.MaxValue];

    [Theory]
    [InlineData("[]", "")]
    [InlineData(" [ 1 , {\"a\":[{}]} , null, [2] ] ", "1|{\"a\":[{}]}|null|[2]")]
    [InlineData("{\"records\":[{\"a\":1},{\"b\":2}]}", "{\"a\":1}|{\"b\":2}")]
    [InlineData("{\"meta\":{\"records\":[9]},\"records\":[{\"a\":1}],\"x\":[1]}", "{\"a\":1}")]
    [InlineData("{\"a\":1,\"b\":{\"records\":[1]}}", "{\"a\":1,\"b\":{\"records\":[1]}}")]
    [InlineData("{\"records\":3}", "{\"records\":3}")]
    [InlineData("{}", "{}")]
    [InlineData("\uFEFF[{\"__proto__\":1}]", "{\"__proto__\":1}")]
    [InlineData("[{\"a\":\"\\ud800\"},{\"a\":\"}]\\\"\"}]", "{\"a\":\"\\ud800\"}|{\"a\":\"}]\\\"\"}")]
    public async Task Json_gives_its_records_however_it_arrives(string json, string records)
    {
        foreach (var size in Sizes) (await ReadAsync(Json(json, size))).ShouldBe(records, $"{size}");
    }

    [Theory]
    [InlineData("{\"s\":1,\"d\":\"x\",\"entries\":[{\"a\":1}]}", "{\"a\":1} {\"s\":1,\"d\":\"x\"}")]
    [InlineData("{\"entries\":[{\"a\":1}],\"other\":[{\"s\":9}],\"d\":{\"k\":[1]},\"s\":1}", "{\"a\":1} {\"d\":{\"k\":[1]},\"s\":1}")]
    [InlineData("{\"entries\":[]}", " ")]
    public async Task Members_that_are_wanted_are_kept_wherever_they_stand(string json, string expected)
    {
        foreach (var size in Sizes)
        {
            using var reader = Json(json, size, path: ["entries"], wanted: ["s", "d"], needed: ["s"]);
            (await ReadAsync(reader) + " " + Encoding.UTF8.GetString(reader.Request.Span)).ShouldBe(expected, $"{size}");
        }
    }

    [Theory]
    [InlineData("{\"data\":{\"x\":1,\"entries\":[{\"a\":1}]},\"s\":2}", "{\"a\":1}")]
    [InlineData("{\"entries\":[{\"a\":1}],\"data\":{\"entries\":[{\"a\":2}],\"s\":3},\"s\":2}", "{\"a\":2}")]
    public async Task Path_leads_to_the_list(string json, string records)
    {
        foreach (var size in Sizes)
        {
            using var reader = Json(json, size, path: ["data", "entries"], wanted: ["s"]);
            (await ReadAsync(reader)).ShouldBe(records);
            Encoding.UTF8.GetString(reader.Request.Span).ShouldBe("{\"s\":2}");
        }
    }

    [Theory]
    [InlineData("", "not_json")]
    [InlineData("[1,2", "not_json")]
    [InlineData("[1] 2", "not_json")]
    [InlineData("{'a':1}", "not_json")]
    [InlineData("\"text\"", "not_records")]
    [InlineData("{\"records\":[1],\"records\":[2]}", "not_records")]
    public async Task Broken_json_is_refused_however_it_arrives(string json, string code)
    {
        foreach (var size in Sizes) (await Should.ThrowAsync<ProblemException>(() => ReadAsync(Json(json, size)))).Problem.Code.ShouldBe(code, $"{size}");
    }

    [Theory]
    [InlineData("[1]", "found a list, expected an object with 'entries'")]
    [InlineData("{\"s\":1}", "found no 'entries' in the request, expected a list of records there")]
    [InlineData("{\"entries\":null}", "found null in 'entries', expected a list of records")]
    [InlineData("{\"entries\":{}}", "found an object in 'entries', expected a list of records")]
    [InlineData("{\"s\":1,\"s\":2,\"entries\":[]}", "found 's' twice in the request: which of them counts?")]
    [InlineData("{\"entries\":[],\"entries\":[]}", "found 'entries' twice, expected one list of records")]
    public async Task Request_that_is_no_request_is_told_what_was_expected(string json, string detail)
    {
        foreach (var size in Sizes)
            (await Should.ThrowAsync<ProblemException>(() => ReadAsync(Json(json, size, path: ["entries"], wanted: ["s"])))).Message.ShouldBe(detail, $"{size}");
    }

    [Fact]
    public async Task Depth_is_bounded()
    {
        string Nested(int depth) => "[" + string.Concat(Enumerable.Repeat("[", depth)) + string.Concat(Enumerable.Repeat("]", depth)) + "]";
        await ReadAsync(Json(Nested(8), 3, maxDepth: 8));
        (await Should.ThrowAsync<ProblemException>(() => ReadAsync(Json(Nested(20), 3, maxDepth: 8)))).Problem.Code.ShouldBe("not_json");
    }

    [Fact]
    public async Task Record_that_is_too_large_is_passed_over_and_counted()
    {
        // Many small values, as of a single large one a reader has to see the end.
        var large = "{\"a\":[" + string.Join(',', Enumerable.Range(0, 100_000)) + "]}";
        foreach (var size in new[] { 1000, 65_536, int.MaxValue })
        {
            using var reader = Json($"[{{\"id\":1}},{large},{{\"id\":2}}]", size, maxRecord: 10_000);
            var part = (await reader.ReadAsync(default))!;
            part.Records.Select(r => r.Length).ShouldBe([8, 0, 8]);
            part.Oversized.ShouldHaveSingleItem().Key.ShouldBe(1);
            part.Oversized[1].ShouldBe(large.Length);
        }
        (await Should.ThrowAsync<ProblemException>(() => ReadAsync(Json($"[\"{new string('x', 1_000_000)}\"]", 65_536, maxRecord: 10_000)))).Problem.Status.ShouldBe(413);
    }

    [Fact]
    public async Task Records_that_wait_for_a_member_are_held_back_up_to_a_bound()
    {
        var record = "{\"text\":\"" + new string('x', 1000) + "\"}";
        string Body(int count) => $"{{\"entries\":[{string.Join(',', Enumerable.Repeat(record, count))}],\"s\":1}}";
        using (var reader = Json(Body(6000), 65_536, path: ["entries"], wanted: ["s"], needed: ["s"]))
            (await ReadPartsAsync(reader)).ShouldBe([6000]);
        using (var reader = Json(Body(6000).Replace("{\"entries\"", "{\"s\":1,\"entries\"", StringComparison.Ordinal).Replace(",\"s\":1}", "}", StringComparison.Ordinal), 65_536, path: ["entries"], wanted: ["s"], needed: ["s"]))
            (await ReadPartsAsync(reader)).Count.ShouldBe(2);
        using var late = Json(Body(9000), 65_536, path: ["entries"], wanted: ["s"], needed: ["s"]);
        var e = await Should.ThrowAsync<ProblemException>(() => ReadPartsAsync(late));
        (e.Problem.Status, e.Problem.Code).ShouldBe((413, "fields_too_late"));
        e.Message.ShouldContain("put it before 'entries'");
    }

    [Fact]
    public async Task Parts_end_at_the_same_records_however_the_body_arrives()
    {
        var json = "[" + string.Join(',', Enumerable.Range(0, 25_000).Select(i => $"{{\"id\":{i}}}")) + "]";
        var lines = string.Concat(Enumerable.Range(0, 25_000).Select(i => $"{{\"id\":{i}}}\r\n\n"));
        foreach (var size in new[] { 999, 65_536, int.MaxValue })
        {
            (await ReadPartsAsync(Json(json, size))).ShouldBe([10_000, 10_000, 5000]);
            (await ReadPartsAsync(Lines(lines, size))).ShouldBe([10_000, 10_000, 5000]);
        }
    }

    [Theory]
    [InlineData("{\"a\":1}\n{\"b\":2}", "{\"a\":1}|{\"b\":2}", "1 2")]
    [InlineData("\n\r\n{\"a\":1}\r\n  \n{broken\n", "{\"a\":1}|{broken", "3 5")]
    [InlineData("\uFEFF{\"a\":1}\n", "{\"a\":1}", "1")]
    [InlineData("", "", "")]
    public async Task Lines_are_cut_and_counted(string text, string records, string numbers)
    {
        foreach (var size in Sizes)
        {
            using var reader = Lines(text, size);
            var part = (await reader.ReadAsync(default))!;
            string.Join('|', part.Records.Select(r => Encoding.UTF8.GetString(part.Bytes.Written.Slice(r.Offset, r.Length)))).ShouldBe(records, $"{size}");
            string.Join(' ', part.Lines!).ShouldBe(numbers);
            part.IsLast.ShouldBeTrue();
            (await reader.ReadAsync(default)).ShouldBeNull();
        }
    }

    [Fact]
    public async Task Line_that_is_too_long_is_passed_over_and_the_rest_taken()
    {
        foreach (var size in new[] { 1000, 65_536, int.MaxValue })
        {
            using var reader = Lines($"{{\"id\":1}}\n{new string('x', 3_000_000)}\n{{\"id\":2}}\n", size, maxRecord: 10_000);
            var part = (await reader.ReadAsync(default))!;
            part.Records.Select(r => r.Length).ShouldBe([8, 0, 8]);
            part.Oversized.ShouldBe(new Dictionary<int, long> { [1] = 3_000_000 });
            if (size < 100_000) part.Bytes.Length.ShouldBeLessThan(100_000);
        }
    }

    private static JsonRecordReader Json(string json, int size, string[]? path = null, string[]? wanted = null, string[]? needed = null, long maxRecord = 1 << 20, int maxDepth = 64) =>
        new(new DrippingStream(Encoding.UTF8.GetBytes(json), size), new JsonReaderSetup(path ?? [], wanted ?? [], needed ?? [], maxRecord, maxDepth));

    private static LineReader Lines(string text, int size, long maxRecord = 1 << 20) => new(new DrippingStream(Encoding.UTF8.GetBytes(text), size), maxRecord);

    private static async Task<string> ReadAsync(JsonRecordReader reader)
    {
        var records = new List<string>();
        while (await reader.ReadAsync(default) is { } part)
        {
            using (part) records.AddRange(part.Records.Select(r => Encoding.UTF8.GetString(part.Bytes.Written.Slice(r.Offset, r.Length))));
        }
        return string.Join('|', records);
    }

    private static async Task<List<int>> ReadPartsAsync(IRecordReader reader)
    {
        var counts = new List<int>();
        while (await reader.ReadAsync(default) is { } part)
        {
            using (part) if (part.Records.Count > 0) counts.Add(part.Records.Count);
        }
        return counts;
    }
}
