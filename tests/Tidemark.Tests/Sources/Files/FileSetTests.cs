using Tidemark.Sources;
using Tidemark.Sources.Files;

namespace Tidemark.Tests.Sources.Files;

public sealed class FileSetTests : IDisposable
{
    private readonly FileScene _scene = new();

    public FileSetTests()
    {
        foreach (var name in new[] { "b.jsonl", "a.jsonl", "c.csv", "sub/d.jsonl", "sub/deep/e.jsonl", ".hidden.jsonl" }) _scene.Write(name, $"\"{name}\"\n");
    }

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("*.jsonl", "a.jsonl b.jsonl")]
    [InlineData("?.jsonl", "a.jsonl b.jsonl")]
    [InlineData("**/*.jsonl", "a.jsonl b.jsonl sub/d.jsonl sub/deep/e.jsonl")]
    [InlineData("*/d.*", "sub/d.jsonl")]
    [InlineData("sub/**", "d.jsonl deep/e.jsonl")]
    [InlineData("**/deep/*.jsonl", "sub/deep/e.jsonl")]
    [InlineData(".*.jsonl", ".hidden.jsonl")]
    public void A_pattern_names_files_in_order(string pattern, string names) =>
        FileSet.Find(_scene.PathOf(pattern)).Select(f => f.Name).ShouldBe(names.Split(' '));

    [Theory]
    [InlineData("d.jsonl", "there is no file 'd.jsonl' in DIR; did you mean 'a.jsonl'?")]
    [InlineData("none/a.jsonl", "there is no file 'DIR/none/a.jsonl': there is no directory DIR/none")]
    [InlineData("*.parquet", "no file matches 'DIR/*.parquet'; looked in DIR")]
    [InlineData("none/*.jsonl", "no file matches 'DIR/none/*.jsonl': there is no directory DIR/none")]
    [InlineData("sub", "found a directory at 'DIR/sub', expected a file; a pattern such as DIR/sub/*.jsonl reads all files in it")]
    public async Task What_is_not_there_is_said_with_its_place(string path, string message) =>
        (await _scene.ErrorAsync(_scene.PathOf(path))).Replace("'b.jsonl'", "'a.jsonl'", StringComparison.Ordinal).ShouldBe(message);

    [Fact]
    public async Task Files_are_read_one_after_the_other_and_each_page_leads_to_the_next()
    {
        var pages = await _scene.PagesAsync(_scene.PathOf("**/*.jsonl"));
        pages.Select(p => p.Records.Single()).ShouldBe(["\"a.jsonl\"", "\"b.jsonl\"", "\"sub/d.jsonl\"", "\"sub/deep/e.jsonl\""]);
        pages.Select(p => p.Position).ShouldBe(["0:0:1:a.jsonl", "1:0:1:b.jsonl", "2:0:1:sub/d.jsonl", "3:0:1:sub/deep/e.jsonl"]);
        pages.Select(p => p.NextPosition).ShouldBe([.. pages.Skip(1).Select(p => p.Position), null]);
        (await _scene.RecordsAsync(_scene.PathOf("**/*.jsonl"), "2:0:1:sub/d.jsonl")).ShouldBe(["\"sub/d.jsonl\"", "\"sub/deep/e.jsonl\""]);
    }

    [Theory]
    [InlineData("1:0:1:a.jsonl")]
    [InlineData("9:0:1:z.jsonl")]
    [InlineData("0:99:1:a.jsonl")]
    [InlineData("page=7")]
    public async Task A_position_that_fits_no_longer_is_refused_so_that_the_scan_starts_over(string position)
    {
        var e = await Should.ThrowAsync<SourceException>(() => _scene.PagesAsync(_scene.PathOf("*.jsonl"), position));
        e.PositionRefused.ShouldBeTrue();
    }

    [Fact]
    public async Task An_ending_that_tells_nothing_needs_a_format()
    {
        var path = _scene.Write("a.txt", "1\n");
        (await _scene.ErrorAsync(path)).ShouldBe("the ending of 'DIR/a.txt' does not tell what is in it; set format: jsonl or format: csv in the source");
        (await FileScene.PagesAsync(new FileSource { Path = path, Format = FileFormat.Jsonl }, _scene.Request())).Single().Records.ShouldBe(["1"]);
    }

    [Fact]
    public async Task A_streams_path_wins_and_its_values_stay_in_their_directory()
    {
        var values = new TemplateValues { Now = DateTimeOffset.UnixEpoch, Parent = new Dictionary<string, string>(StringComparer.Ordinal) { ["id"] = "b", ["evil"] = "../../etc/passwd" } };
        var source = new FileSource { Path = _scene.PathOf("a.jsonl") };
        (await FileScene.PagesAsync(source, _scene.Request(path: _scene.PathOf("{{ parent.id }}.jsonl"), values: values))).Single().Records.ShouldBe(["\"b.jsonl\""]);
        var evil = _scene.Request(path: _scene.PathOf("{{ parent.evil }}"), values: values);
        (await Should.ThrowAsync<SourceException>(() => FileScene.PagesAsync(source, evil))).Message.ShouldContain("expected one without '/'");
        var first = _scene.Request(path: _scene.PathOf("{{ watermark }}.jsonl"));
        (await Should.ThrowAsync<SourceException>(() => FileScene.PagesAsync(source, first))).Message.ShouldContain("needs a value that does not exist yet");
        (await Should.ThrowAsync<SourceException>(() => FileScene.PagesAsync(new FileSource(), _scene.Request()))).Message.ShouldStartWith("the stream 'rows' has no path; ");
    }
}
