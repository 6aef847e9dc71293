using Npgsql;
using Tidemark.PostgreSql.Native;

namespace Tidemark.PostgreSql.Tests.Native;

public sealed class ConnectionUrlTests
{
    [Theory]
    [InlineData("postgresql://", "localhost:5432/", null, null)]
    [InlineData("postgres://db", "db:5432/", null, null)]
    [InlineData("POSTGRESQL://db/shop", "db:5432/shop", null, null)]
    [InlineData("postgresql://db:6543/shop", "db:6543/shop", null, null)]
    [InlineData("postgresql://db:/shop", "db:5432/shop", null, null)]
    [InlineData("postgresql://ann@db/shop", "db:5432/shop", "ann", null)]
    [InlineData("postgresql://ann:secret@db/shop", "db:5432/shop", "ann", "secret")]
    [InlineData("postgresql://ann:@db/shop", "db:5432/shop", "ann", null)]
    [InlineData("postgresql://ann%40home:p%40ss%2Fw%3Ard%25@db/my%20shop", "db:5432/my shop", "ann@home", "p@ss/w:rd%")]
    [InlineData("postgresql://ann:p@ss@db/shop", "db:5432/shop", "ann", "p@ss")]
    [InlineData("postgresql://ann:p:ss#1@db/shop", "db:5432/shop", "ann", "p:ss#1")]
    [InlineData("postgresql://ann:pä%C3%9F@db/shop", "db:5432/shop", "ann", "päß")]
    [InlineData("postgresql://[::1]/shop", "[::1]:5432/shop", null, null)]
    [InlineData("postgresql://[2001:db8::1]:6543/shop", "[2001:db8::1]:6543/shop", null, null)]
    [InlineData("postgresql://a:1,b:2/shop", "a:1,b:2/shop", null, null)]
    [InlineData("postgresql://a,[::1]:2,c/shop", "a:5432,[::1]:2,c:5432/shop", null, null)]
    [InlineData("postgresql:///shop?host=/var/run/postgresql", "/var/run/postgresql:5432/shop", null, null)]
    [InlineData("postgresql://ann@/shop?host=/tmp&port=6543", "/tmp:6543/shop", "ann", null)]
    [InlineData("postgresql://%2Ftmp/shop", "/tmp:5432/shop", null, null)]
    [InlineData("postgresql://:6543/shop?host=db", "db:6543/shop", null, null)]
    [InlineData("postgresql:///?host=a,b&port=1,2&dbname=shop&user=ann&password=s%26cret", "a:1,b:2/shop", "ann", "s&cret")]
    [InlineData("postgresql://ann@db", "db:5432/ann", "ann", null)]
    [InlineData("postgresql://ann@db:1/shop?host=/tmp", "/tmp:1/shop", "ann", null)]
    [InlineData("postgresql://a:1,b:2/shop?port=6543", "a:6543,b:6543/shop", null, null)]
    [InlineData("postgresql://[::1]:1/shop?host=a,b&port=1,&user=ann&dbname=other", "a:1,b:5432/other", "ann", null)]
    public void Url_is_read_as_libpq_reads_it(string url, string server, string? user, string? password)
    {
        var settings = ConnectionUrl.Parse(url);
        (ConnectionUrl.ServerOf(settings), settings.Username, settings.Password).ShouldBe((server, user, password));
        new NpgsqlConnectionStringBuilder(settings.ConnectionString).Host.ShouldBe(settings.Host);
    }

    [Fact]
    public void Parameters_take_effect()
    {
        var settings = ConnectionUrl.Parse(
            "postgresql://db/shop?sslmode=verify-full&sslrootcert=/ca.pem&sslcert=/c.pem&sslkey=/k.pem&sslpassword=x&connect_timeout=7&application_name=mirror&options=-c%20work_mem%3D64MB&channel_binding=require&keepalives_idle=5");
        (settings.SslMode, settings.RootCertificate, settings.SslCertificate, settings.SslKey, settings.SslPassword).ShouldBe((SslMode.VerifyFull, "/ca.pem", "/c.pem", "/k.pem", "x"));
        (settings.Timeout, settings.ApplicationName, settings.Options, settings.ChannelBinding, settings.TcpKeepAliveTime).ShouldBe((7, "mirror", "-c work_mem=64MB", ChannelBinding.Require, 5));
    }

    [Fact]
    public void Defaults_suit_long_statements_and_poolers()
    {
        var settings = ConnectionUrl.Parse("postgresql://db/shop");
        (settings.ApplicationName, settings.CommandTimeout, settings.Timeout, settings.TcpKeepAlive, settings.Options, settings.SearchPath, settings.Timezone)
            .ShouldBe(("tidemark", 0, 15, true, null, null, null));
        (settings.MaxAutoPrepare, settings.Multiplexing, settings.Pooling, settings.IncludeErrorDetail).ShouldBe((0, false, false, true));
    }

    [Theory]
    [InlineData("disable", SslMode.Disable)]
    [InlineData("allow", SslMode.Allow)]
    [InlineData("prefer", SslMode.Prefer)]
    [InlineData("require", SslMode.Require)]
    [InlineData("verify-ca", SslMode.VerifyCA)]
    [InlineData("verify-full", SslMode.VerifyFull)]
    [InlineData("require&sslrootcert=/ca.pem", SslMode.VerifyCA)]
    [InlineData("verify-full&sslrootcert=system", SslMode.VerifyFull)]
    public void Ssl_modes_are_those_of_libpq(string mode, SslMode expected) => ConnectionUrl.Parse($"postgresql://db/shop?sslmode={mode}").SslMode.ShouldBe(expected);

    [Theory]
    [InlineData("postgresql://a,b/shop?target_session_attrs=read-write", "read-write")]
    [InlineData("postgresql://a,b/shop?target_session_attrs=primary", "primary")]
    [InlineData("postgresql://a/shop?target_session_attrs=primary", null)]
    public void Session_attributes_choose_among_several_hosts(string url, string? expected) => ConnectionUrl.Parse(url).TargetSessionAttributes.ShouldBe(expected);

    [Theory]
    [InlineData("postgresql://db/shop?sslmod=require", "the URL's parameter 'sslmod' is not known; did you mean 'sslmode'?")]
    [InlineData("postgresql://db/shop?sslmode=on", "found sslmode=on in the URL, expected one of disable, allow, prefer, require, verify-ca, verify-full")]
    [InlineData("postgresql://db/shop?connect_timeout=soon", "found connect_timeout=soon in the URL, expected a number of seconds, at most 1024")]
    [InlineData("postgresql://a,b/shop?target_session_attrs=standby", "found target_session_attrs=standby in the URL, expected one of any, read-write, primary")]
    [InlineData("postgresql://db/shop?sslrootcert=system&sslmode=require", "sslrootcert=system goes with sslmode=verify-full only")]
    [InlineData("postgresql://db:0/shop", "the port is not a number from 1 to 65535")]
    [InlineData("postgresql:///shop?host=a,b,c&port=1,2", "found 2 ports for 3 hosts, expected one port for all hosts or one for each")]
    [InlineData("mysql://db/shop", "the URL of a PostgreSQL database begins with postgresql:// or postgres://")]
    [InlineData("postgresql://db/shop?client_encoding=latin1", "found client_encoding=latin1 in the URL, expected one of utf8, utf-8, auto")]
    public void Wrong_url_is_told_what_to_mend(string url, string message) =>
        Should.Throw<FormatException>(() => ConnectionUrl.Parse(url)).Message.ShouldStartWith(message);

    [Theory]
    [InlineData("postgresql://ann:hush/hush@db/shop")]
    [InlineData("postgresql://ann:1/hush@db/shop")]
    [InlineData("postgresql://ann:hush?hush@db/shop")]
    [InlineData("postgresql://ann:1?hush=hush@db/shop")]
    [InlineData("postgresql://ann:1/x?hush=hush@db/shop")]
    [InlineData("postgresql://ann:hush%hush@db/shop")]
    [InlineData("postgresql://ann:hush%00@db/shop")]
    [InlineData("postgresql://ann:hush%4")]
    [InlineData("postgresql://ann:hush")]
    [InlineData("postgresql://db/shop?password=hush%zz")]
    [InlineData("postgresql://ann:hush@db:hush/shop")]
    public void Error_shows_nothing_of_the_password(string url) => Should.Throw<FormatException>(() => ConnectionUrl.Parse(url)).Message.ShouldNotContain("hush");
}
