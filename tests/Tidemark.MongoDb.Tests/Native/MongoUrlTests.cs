using Tidemark.MongoDb.Native;

namespace Tidemark.MongoDb.Tests.Native;

public sealed class MongoUrlTests
{
    [Theory]
    [InlineData("mongodb://localhost/kpi", "localhost/kpi")]
    [InlineData("mongodb://u:p%40ss@h1:27017,h2:27018/crm?replicaSet=rs", "h1:27017,h2:27018/crm")]
    [InlineData("MONGODB://[::1]:27017/x", "[::1]:27017/x")]
    [InlineData("mongodb+srv://u:secret@cluster.example/crm?retryWrites=true", "cluster.example/crm")]
    public void Address_is_shown_without_a_secret(string url, string shown) => MongoUrl.Parse(url).Server.ShouldBe(shown);

    [Fact]
    public void What_the_url_does_not_say_is_added_and_what_it_says_stays()
    {
        MongoUrl.Parse("mongodb://h/d").Text.ShouldBe("mongodb://h/d?w=majority&journal=true&serverSelectionTimeoutMS=5000&appName=tidemark");
        MongoUrl.Parse("mongodb://h/d?W=1&appname=mine").Text.ShouldBe("mongodb://h/d?W=1&appname=mine&journal=true&serverSelectionTimeoutMS=5000");
    }

    [Theory]
    [InlineData("mongodb://h", "names no database")]
    [InlineData("mongodb://h/", "names no database")]
    [InlineData("mongodb:///d", "names no host")]
    [InlineData("mongodb://h:0/d", "port")]
    [InlineData("mongodb://h:x/d", "port")]
    [InlineData("mongodb://h,/d", "name is missing")]
    [InlineData("mongodb://u:se/cret@h/d", "%2F")]
    [InlineData("mongodb://u:se@cret@h/d", "%40")]
    [InlineData("mongodb://h/a.b", "no name of a database")]
    [InlineData("mongodb+srv://h:27017/d", "without a port")]
    [InlineData("mysql://h/d", "begins with mongodb://")]
    public void Wrong_address_is_refused_without_showing_a_secret(string url, string says)
    {
        var e = Should.Throw<FormatException>(() => MongoUrl.Parse(url));
        e.Message.ShouldContain(says);
        e.Message.ShouldNotContain("cret");
    }
}
