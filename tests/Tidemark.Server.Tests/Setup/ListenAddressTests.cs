using Tidemark.Server.Setup;

namespace Tidemark.Server.Tests.Setup;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080", true)]
    [InlineData("http://127.8.8.8:0", true)]
    [InlineData("http://localhost:8080", true)]
    [InlineData("http://[::1]:8080", true)]
    [InlineData("http://0.0.0.0:80", false)]
    [InlineData("http://[::]:80", false)]
    [InlineData("http://*:65535", false)]
    [InlineData("HTTP://10.1.2.3:80/", false)]
    public void Address_is_read_and_known_as_loopback_or_not(string url, bool loopback) => ListenAddress.Parse(url).IsLoopback.ShouldBe(loopback);

    [Theory]
    [InlineData("https://127.0.0.1:8443", "TLS is a reverse proxy's")]
    [InlineData("127.0.0.1:8080", "expected http://")]
    [InlineData("http://127.0.0.1", "has no port")]
    [InlineData("http://[::1]", "has no port")]
    [InlineData("http://127.0.0.1:65536", "expected a number from 0 to 65535")]
    [InlineData("http://127.0.0.1:http", "the port 'http'")]
    [InlineData("http://example.com:80", "the host 'example.com'")]
    [InlineData("http://::1:80", "the host '::1'")]
    [InlineData("http://:80", "has no port")]
    [InlineData("", "expected http://")]
    public void What_can_not_be_listened_on_is_told(string url, string message) => Should.Throw<FormatException>(() => ListenAddress.Parse(url)).Message.ShouldContain(message);
}
