using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.Tests.Shared;

namespace Tidemark.PostgreSql.Tests;

public sealed class TlsTests(TlsPostgresServer server) : IClassFixture<TlsPostgresServer>
{
    [Theory]
    [InlineData("localhost", "sslmode=verify-full&sslrootcert={authority}")]
    [InlineData("127.0.0.1", "sslmode=verify-ca&sslrootcert={authority}")]
    [InlineData("127.0.0.1", "sslmode=require&sslrootcert={authority}")]
    [InlineData("127.0.0.1", "sslmode=require")]
    [InlineData("127.0.0.1", "sslmode=prefer")]
    [InlineData("127.0.0.1", "")]
    public async Task Server_with_a_certificate_is_reached(string host, string parameters) => await CheckAsync(host, parameters);

    [Theory]
    [InlineData("127.0.0.1", "sslmode=verify-full&sslrootcert={authority}")]
    [InlineData("localhost", "sslmode=verify-full")]
    [InlineData("localhost", "sslmode=verify-full&sslrootcert=system")]
    public async Task Certificate_that_does_not_fit_is_fatal_with_advice(string host, string parameters)
    {
        var e = await Should.ThrowAsync<DestinationException>(() => CheckAsync(host, parameters));
        e.Fault.ShouldBe(DestinationFault.Fatal, e.Message);
        e.Message.ShouldEndWith("; the server's certificate is not trusted, or is another host's: name the right sslrootcert and host, or another sslmode");
    }

    [Theory]
    [InlineData("sslmode=verify-full&sslrootcert=/no/such.pem")]
    [InlineData("sslmode=require&sslcert=/no/such.pem&sslkey=/no/such.key")]
    public async Task File_that_is_not_there_is_fatal_with_advice(string parameters)
    {
        var e = await Should.ThrowAsync<DestinationException>(() => CheckAsync("localhost", parameters));
        e.Fault.ShouldBe(DestinationFault.Fatal, e.Message);
        e.Message.ShouldEndWith("; check sslrootcert, sslcert and sslkey");
    }

    [Fact]
    public async Task Server_that_wants_tls_refuses_a_connection_without()
    {
        await server.SqlAsync("postgres", "CREATE USER ann");
        var e = await Should.ThrowAsync<DestinationException>(() => CheckAsync("127.0.0.1", "sslmode=disable", "ann:hush", "template1"));
        e.Fault.ShouldBe(DestinationFault.Fatal, e.Message);
        e.Message.ShouldStartWith($"127.0.0.1:{server.Port}/template1: no pg_hba.conf entry for host \"127.0.0.1\", user \"ann\", database \"template1\", no encryption (SQLSTATE 28000); check user and password, and pg_hba.conf");
        e.ToString().ShouldNotContain("hush");
    }

    private async Task CheckAsync(string host, string parameters, string user = "postgres", string database = "postgres")
    {
        var url = $"postgresql://{user}@{host}:{server.Port}/{database}?{parameters.Replace("{authority}", server.Authority, StringComparison.Ordinal)}";
        await using var destination = new PostgreSqlDestination { Url = new Secret(url) }.Open(new DestinationServices { CompareCursors = Scanning.CursorKinds.Compare });
        await destination.CheckAsync(default);
    }
}
