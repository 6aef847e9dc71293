using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using Tidemark.Http.Tests.Support;
using Tidemark.Http.Wire;
using Tidemark.Sources;

namespace Tidemark.Http.Tests.Wire;

public sealed class BodyTests
{
    private static async Task<string> ReadAsync(byte[] bytes, string? type, params (string Name, string Value)[] headers)
    {
        await using var server = await ScriptedServer.StartAsync(new Reply { Body = bytes, ContentType = type, Headers = headers });
        await using var fixture = new Fixture();
        return (await fixture.ReadAsync(new RestSource { Url = server.Address }, new RestRequest()))[0].Records[0];
    }

    [Theory]
    [InlineData("iso-8859-1")]
    [InlineData("\"ISO-8859-1\"")]
    [InlineData("windows-1252")]
    [InlineData("utf-16")]
    [InlineData("UTF-8")]
    [InlineData("x-nobody-knows")]
    public async Task Charset_that_is_declared_is_taken(string charset)
    {
        var encoding = charset switch { "utf-16" => Encoding.Unicode, "UTF-8" or "x-nobody-knows" => new UTF8Encoding(false), _ => Encoding.Latin1 };

        (await ReadAsync(encoding.GetBytes("[\"é\"]"), "application/json; charset=" + charset)).ShouldBe("\"é\"");
    }

    [Fact]
    public async Task Byte_order_mark_is_passed_over() => (await ReadAsync([0xEF, 0xBB, 0xBF, .. "[1]"u8], "application/json")).ShouldBe("1");

    [Fact]
    public async Task Packed_body_is_unpacked()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress)) gzip.Write("[\"packed\"]"u8);

        (await ReadAsync(packed.ToArray(), null, ("Content-Encoding", "gzip"))).ShouldBe("\"packed\"");
    }

    [Fact]
    public async Task Body_beyond_the_limit_is_an_error_that_says_what_to_do()
    {
        using var stream = new MemoryStream(new byte[(1 << 20) + 1]);

        (await Should.ThrowAsync<SourceException>(() => BodyReader.ReadAsync(stream, new MediaTypeHeaderValue("application/json"), 1 << 20, default)))
            .Message.ShouldContain("larger than 1 MiB");
    }

    [Theory]
    [InlineData("http://u:pw@h/p?key=1&a=2", "http://h/p?key=***&a=2")]
    [InlineData("http://h:81/?api_key=1&X-Amz-Signature=2&access_token=3&Password=4&page=5", "http://h:81/?api_key=***&X-Amz-Signature=***&access_token=***&Password=***&page=5")]
    [InlineData("http://h/", "http://h/")]
    public void Address_is_shown_without_what_may_be_secret(string url, string shown) => SafeText.Url(new Uri(url)).ShouldBe(shown);

    [Fact]
    public void Excerpt_is_short_clean_and_without_secrets()
    {
        var text = SafeText.Excerpt(Encoding.UTF8.GetBytes("a\u0000\n b s3cret " + new string('x', 500)), ["s3cret"]);

        text.ShouldStartWith("a b *** xxx");
        text.Length.ShouldBe(201);
    }
}
