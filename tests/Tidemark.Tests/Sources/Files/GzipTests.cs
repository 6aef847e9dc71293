using System.Text;

namespace Tidemark.Tests.Sources.Files;

public sealed class GzipTests : IDisposable
{
    private static readonly byte[] Text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 3000).Select(i => $"{{\"id\":{i * 7919 % 10007}}}\n")));
    private readonly FileScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Members_one_after_the_other_are_one_file(int members)
    {
        var packed = Enumerable.Repeat(FileScene.Pack(Text), members).SelectMany(b => b).ToArray();
        await File.WriteAllBytesAsync(_scene.PathOf("a.jsonl.gz"), packed);
        (await _scene.RecordsAsync(_scene.PathOf("a.jsonl.gz"))).Count.ShouldBe(3000 * members);
    }

    [Fact]
    public async Task A_file_that_was_cut_off_anywhere_is_refused()
    {
        var packed = FileScene.Pack(Text);
        var path = _scene.PathOf("a.jsonl.gz");
        for (var length = 0; length < packed.Length; length += length is < 40 || length > packed.Length - 40 ? 1 : 997)
        {
            await File.WriteAllBytesAsync(path, packed[..length]);
            (await _scene.ErrorAsync(path)).ShouldStartWith("'DIR/a.jsonl.gz' is not a whole gzip file: ", customMessage: $"cut at {length} of {packed.Length}");
        }
    }

    [Fact]
    public async Task A_broken_file_is_refused()
    {
        var packed = FileScene.Pack(Text);
        packed[packed.Length / 2] ^= 0xFF;
        await File.WriteAllBytesAsync(_scene.PathOf("a.jsonl.gz"), packed);
        (await _scene.ErrorAsync(_scene.PathOf("a.jsonl.gz"))).ShouldStartWith("'DIR/a.jsonl.gz' is not a whole gzip file: ");
        await File.WriteAllTextAsync(_scene.PathOf("b.jsonl.gz"), "{\"plain\":true}\n");
        (await _scene.ErrorAsync(_scene.PathOf("b.jsonl.gz"))).ShouldStartWith("'DIR/b.jsonl.gz' is not a whole gzip file: ");
    }
}
