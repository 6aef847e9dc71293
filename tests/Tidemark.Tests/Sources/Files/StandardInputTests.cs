using System.IO.Pipelines;
using System.Text;
using Tidemark.Records;
using Tidemark.Sources;
using Tidemark.Sources.Files;

namespace Tidemark.Tests.Sources.Files;

public sealed class StandardInputTests : IDisposable
{
    private readonly FileScene _scene = new();
    private readonly Pipe _pipe = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData(FileFormat.Jsonl, "", "{\"a\":1}\n", "{\"a\":2}\n{\"a\"", ":3}")]
    [InlineData(FileFormat.Csv, "a\n", "1\n", "2\n", "3")]
    public async Task Records_are_given_out_as_they_arrive(FileFormat format, string header, string first, string second, string third)
    {
        await using var source = Source(format);
        await using var pages = source.ReadAsync(_scene.Request(), CancellationToken.None).GetAsyncEnumerator();
        await SendAsync(header);
        await SendAsync(first);
        (await NextAsync(pages)).ShouldBe(["{\"a\":1}"]);
        await SendAsync(second);
        (await NextAsync(pages)).ShouldBe(["{\"a\":2}"]);
        await SendAsync(third);
        await _pipe.Writer.CompleteAsync();
        (await NextAsync(pages)).ShouldBe(["{\"a\":3}"]);
        (await pages.MoveNextAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task Nothing_at_all_is_one_empty_page()
    {
        await _pipe.Writer.CompleteAsync();
        await using var source = Source(FileFormat.Jsonl);
        await using var pages = source.ReadAsync(_scene.Request(), CancellationToken.None).GetAsyncEnumerator();
        (await NextAsync(pages)).ShouldBeEmpty();
        (await pages.MoveNextAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task A_wait_for_input_ends_at_once_when_cancelled()
    {
        using var stop = new CancellationTokenSource();
        await using var source = Source(FileFormat.Jsonl);
        await using var pages = source.ReadAsync(_scene.Request(), stop.Token).GetAsyncEnumerator(stop.Token);
        var waiting = pages.MoveNextAsync().AsTask();
        waiting.IsCompleted.ShouldBeFalse();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task It_can_be_read_once_and_not_from_the_middle()
    {
        await _pipe.Writer.CompleteAsync();
        await using var source = Source(FileFormat.Jsonl);
        (await ReadAllAsync(source, _scene.Request())).ShouldHaveSingleItem();
        (await Should.ThrowAsync<SourceException>(() => ReadAllAsync(source, _scene.Request()))).Message.ShouldBe("standard input was read already; one stream a run can read it");
        (await Should.ThrowAsync<SourceException>(() => ReadAllAsync(source, _scene.Request("0:0:1:x")))).PositionRefused.ShouldBeTrue();
    }

    private FileReader Source(FileFormat format) => new(new FileSource { Path = "-", Format = format }, () => _pipe.Reader.AsStream());

    private async Task SendAsync(string text) => await _pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(text));

    private static async Task<List<string>> NextAsync(IAsyncEnumerator<Page> pages)
    {
        (await pages.MoveNextAsync()).ShouldBeTrue();
        var page = ReadPage.Of(pages.Current);
        page.Position.ShouldBeNull();
        page.NextPosition.ShouldBeNull();
        return page.Records;
    }

    private static async Task<List<ReadPage>> ReadAllAsync(FileReader source, ReadRequest request)
    {
        var pages = new List<ReadPage>();
        await foreach (var page in source.ReadAsync(request, CancellationToken.None)) pages.Add(ReadPage.Of(page));
        return pages;
    }
}
