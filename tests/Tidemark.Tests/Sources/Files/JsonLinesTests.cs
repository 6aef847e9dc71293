using System.Text;
using Tidemark.Sources;
using Tidemark.Sources.Files;
using Tidemark.Telemetry;

namespace Tidemark.Tests.Sources.Files;

public sealed class JsonLinesTests : IDisposable
{
    private readonly FileScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("{\"a\":1}\n{\"a\":2}\n")]
    [InlineData("{\"a\":1}\n{\"a\":2}")]
    [InlineData("{\"a\":1}\r\n\r\n  \t\r\n{\"a\":2}\r\n")]
    [InlineData("\uFEFF{\"a\":1}\n\n\n{\"a\":2}\n\n")]
    public async Task Lines_in_any_form_give_the_same_records(string text) =>
        (await _scene.RecordsAsync(_scene.Write("a.jsonl", text))).ShouldBe(["{\"a\":1}", "{\"a\":2}"]);

    [Fact]
    public async Task A_line_that_is_no_json_is_passed_on() =>
        (await _scene.RecordsAsync(_scene.Write("a.jsonl", "{\"a\":1}\nnonsense\n"))).ShouldBe(["{\"a\":1}", "nonsense"]);

    [Fact]
    public async Task Invalid_utf8_is_passed_on()
    {
        var records = await _scene.RecordsAsync(_scene.Write("a.jsonl", [.. "{\"a\":\""u8, 0xFF, .. "\"}\n"u8]));
        records.ShouldBe(["{\"a\":\"\uFFFD\"}"]);
    }

    [Fact]
    public async Task An_empty_file_gives_one_empty_page()
    {
        var pages = await _scene.PagesAsync(_scene.Write("a.jsonl", ""));
        pages.ShouldHaveSingleItem().Records.ShouldBeEmpty();
        pages[0].NextPosition.ShouldBeNull();
    }

    [Theory]
    [InlineData("big.jsonl")]
    [InlineData("big.jsonl.gz")]
    public async Task A_large_file_comes_in_pages_and_goes_on_from_each_of_them(string name)
    {
        var lines = Enumerable.Range(0, 60_000).Select(i => $"{{\"id\":{i},\"text\":\"{new string('x', i % 97)}\"}}").ToList();
        var path = _scene.Write(name, string.Join('\n', lines));
        var pages = await _scene.PagesAsync(path);
        pages.Count.ShouldBeGreaterThan(3);
        pages.SelectMany(p => p.Records).ShouldBe(lines);
        _scene.Counters[Counter.Pages].ShouldBe(pages.Count);
        _scene.Counters[Counter.Requests].ShouldBe(0);
        _scene.Counters[Counter.Bytes].ShouldBe(Encoding.UTF8.GetByteCount(string.Join('\n', lines)));
        for (var i = 0; i < pages.Count; i++)
        {
            pages[i].NextPosition.ShouldBe(i + 1 < pages.Count ? pages[i + 1].Position : null);
            (await _scene.RecordsAsync(path, pages[i].Position)).ShouldBe(pages.Skip(i).SelectMany(p => p.Records));
        }
    }

    [Fact]
    public async Task A_file_that_ends_at_a_chunk_says_so_on_its_last_page()
    {
        // 16 reads of 64 KiB end exactly where the file does.
        var line = new string('x', 1023) + "\n";
        var pages = await _scene.PagesAsync(_scene.Write("a.jsonl", string.Concat(Enumerable.Repeat(line, 1024))));
        pages.ShouldHaveSingleItem().NextPosition.ShouldBeNull();
        pages[0].Records.Count.ShouldBe(1024);
    }

    [Fact]
    public async Task A_long_line_is_one_record()
    {
        var line = "\"" + new string('x', 5_000_000) + "\"";
        (await _scene.RecordsAsync(_scene.Write("a.jsonl", $"1\n{line}\n2\n"))).ShouldBe(["1", line, "2"]);
    }

    [Fact]
    public async Task A_line_beyond_the_bound_is_an_error_with_its_line()
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes("1\n2\n" + new string('x', 3 << 20)));
        await using var chunks = new RecordChunks(input, "'a.jsonl'", FileFormat.Jsonl, live: false, maxRecord: 2 << 20);
        (await chunks.ReadAsync(CancellationToken.None))!.Bytes.Written.ToArray().ShouldBe("1\n2\n"u8.ToArray());
        var e = await Should.ThrowAsync<SourceException>(async () => await chunks.ReadAsync(CancellationToken.None));
        e.Message.ShouldBe("line 3 of 'a.jsonl' is longer than 2 MiB, expected one JSON object a line");
    }

    [Fact]
    public async Task Utf16_is_named() =>
        (await _scene.ErrorAsync(_scene.Write("a.jsonl", Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("{}")).ToArray())))
            .ShouldBe("'DIR/a.jsonl' is UTF-16, expected UTF-8; convert it, e.g. with iconv -f utf-16 -t utf-8");

    [Fact]
    public async Task Reading_that_is_left_early_closes_the_file()
    {
        var path = _scene.Write("a.jsonl", string.Concat(Enumerable.Repeat("{\"a\":1}\n", 400_000)));
        await using var source = new FileSource { Path = path }.Open(new SourceServices());
        await foreach (var page in source.ReadAsync(_scene.Request(), CancellationToken.None))
        {
            page.Dispose();
            IsOpen(path).ShouldBeTrue();
            break;
        }
        IsOpen(path).ShouldBeFalse();
    }

    // The system's own list of what this process holds open; elsewhere than on Linux the test says nothing.
    private static bool IsOpen(string path) => Directory.Exists("/proc/self/fd")
        && Directory.EnumerateFiles("/proc/self/fd").Any(f => string.Equals(new FileInfo(f).LinkTarget, path, StringComparison.Ordinal));
}
