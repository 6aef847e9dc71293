using System.Text.Json;
using Tidemark.Sources.Files;

namespace Tidemark.Tests.Sources.Files;

public sealed class CsvTests : IDisposable
{
    private readonly FileScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("", "null")]
    [InlineData("\"\"", "\"\"")]
    [InlineData("0", "0")]
    [InlineData("-12", "-12")]
    [InlineData("12.50", "12.50")]
    [InlineData("-0.5", "-0.5")]
    [InlineData("123456789012345678", "123456789012345678")]
    [InlineData("1234567890123456789", "\"1234567890123456789\"")]
    [InlineData("007", "\"007\"")]
    [InlineData("+1", "\"+1\"")]
    [InlineData("-0", "\"-0\"")]
    [InlineData("1.", "\"1.\"")]
    [InlineData(".5", "\".5\"")]
    [InlineData("1e3", "\"1e3\"")]
    [InlineData("-", "\"-\"")]
    [InlineData(" 5", "\" 5\"")]
    [InlineData("true", "true")]
    [InlineData("false", "false")]
    [InlineData("TRUE", "\"TRUE\"")]
    [InlineData("null", "\"null\"")]
    [InlineData("\"a\"\"b\"", "\"a\\\"b\"")]
    [InlineData("a\\b", "\"a\\\\b\"")]
    [InlineData("\"x\r\ny\"", "\"x\\r\\ny\"")]
    [InlineData("tab\there", "\"tab\\there\"")]
    [InlineData("bell\a", "\"bell\\u0007\"")]
    [InlineData("Éa,", "\"Éa\"")]
    public async Task A_field_becomes_the_value_that_loses_nothing(string field, string json)
    {
        var records = await _scene.RecordsAsync(_scene.Write("a.csv", $"id,v,\"last one\"\n1,{field.TrimEnd(',')},x\n"));
        records.ShouldBe([$"{{\"id\":1,\"v\":{json},\"last one\":\"x\"}}"]);
        JsonDocument.Parse(records[0]).Dispose();
    }

    [Theory]
    [InlineData("\uFEFFa,b\r\n1,2\r\n\r\n3,4", "a.csv", ',')]
    [InlineData("a;b\n1;2\n3;4\n", "a.csv", ';')]
    [InlineData("a\tb\n1\t2\n3\t4\n", "a.tsv", null)]
    public async Task Rows_in_any_form_give_the_same_records(string text, string name, char? delimiter)
    {
        var pages = await FileScene.PagesAsync(new FileSource { Path = _scene.Write(name, text), Delimiter = delimiter == ',' ? null : delimiter }, _scene.Request());
        pages.SelectMany(p => p.Records).ShouldBe(["{\"a\":1,\"b\":2}", "{\"a\":3,\"b\":4}"]);
    }

    [Fact]
    public async Task A_short_row_lacks_its_last_fields() =>
        (await _scene.RecordsAsync(_scene.Write("a.csv", "a,b,c\n1,2\n"))).ShouldBe(["{\"a\":1,\"b\":2}"]);

    [Theory]
    [InlineData("a,b\n1,2\n\"x\ny\",2\n1,2,3\n", "line 5 of 'DIR/a.csv' has 3 fields, but the header has 2; is a text with ',' in it not quoted?")]
    [InlineData("a,b,a\n1,2,3\n", "the header row of 'DIR/a.csv' has 'a' twice, in columns 1 and 3; give each column a name of its own")]
    [InlineData("a,,c\n1,2,3\n", "column 2 of 'DIR/a.csv' has no name in the header row")]
    [InlineData("", "'DIR/a.csv' has no header row; expected the names of the fields on its first line")]
    [InlineData("a,b\n1,2\n3,\"x\n", "line 3 of 'DIR/a.csv' is not CSV: a quote stands where none can be, or is not closed; write \"\" for a quote in a quoted field")]
    [InlineData("a,b\n1,2\n3,5\" pipe\n", "line 3 of 'DIR/a.csv' is not CSV: a quote stands where none can be, or is not closed; write \"\" for a quote in a quoted field")]
    public async Task What_is_no_csv_is_an_error_with_its_line(string text, string message) =>
        (await _scene.ErrorAsync(_scene.Write("a.csv", text))).ShouldBe(message);

    [Fact]
    public async Task Invalid_utf8_is_passed_on() =>
        (await _scene.RecordsAsync(_scene.Write("a.csv", [.. "a,b\n1,"u8, 0xE9, .. "\n"u8]))).ShouldBe(["{\"a\":1,\"b\":\"\uFFFD\"}"]);

    [Theory]
    [InlineData("big.csv")]
    [InlineData("big.csv.gz")]
    public async Task A_large_file_comes_in_pages_and_goes_on_from_each_of_them(string name)
    {
        var rows = Enumerable.Range(0, 60_000).Select(i => $"{i},\"line {i}\n\"\"{new string('x', i % 89)}\"\"\"\n");
        var path = _scene.Write(name, "id,text\n" + string.Concat(rows));
        var pages = await _scene.PagesAsync(path);
        pages.Count.ShouldBeGreaterThan(3);
        pages.Sum(p => p.Records.Count).ShouldBe(60_000);
        pages[^1].Records[^1].ShouldStartWith("{\"id\":59999,\"text\":\"line 59999\\n\\\"xx");
        pages[^1].NextPosition.ShouldBeNull();
        foreach (var (i, page) in pages.Index())
            (await _scene.RecordsAsync(path, page.Position)).ShouldBe(pages.Skip(i).SelectMany(p => p.Records));
    }

    [Fact]
    public async Task A_wrong_row_after_going_on_is_named_by_its_line_in_the_file()
    {
        var path = _scene.Write("a.csv", "id,text\n" + string.Concat(Enumerable.Range(0, 200_000).Select(i => $"{i},value {i}\n")));
        var position = (await _scene.PagesAsync(path))[^1].Position;
        await File.AppendAllTextAsync(path, "1,2,3\n");
        (await _scene.ErrorAsync(path, position)).ShouldStartWith("line 200002 of ");
    }
}
