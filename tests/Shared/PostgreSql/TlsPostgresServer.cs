namespace Tidemark.Tests.Shared;

/// <summary>A server that speaks TLS, with a certificate for <c>localhost</c> that an authority of the tests' own has signed.</summary>
public sealed class TlsPostgresServer : PostgresServer
{
    /// <summary>The authority's certificate: what <c>sslrootcert</c> names.</summary>
    public string Authority => Path.Combine(Home, "authority.crt");

    protected override async Task ConfigureAsync(string file)
    {
        var (authorityKey, key, request, certificate, names) =
            (Path.Combine(Home, "authority.key"), Path.Combine(Home, "server.key"), Path.Combine(Home, "server.csr"), Path.Combine(Home, "server.crt"), Path.Combine(Home, "names"));
        await File.WriteAllTextAsync(names, "subjectAltName=DNS:localhost\n");
        await Programs.GiveAsync(names);
        await Programs.RunAsync("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Tests", "-keyout", authorityKey, "-out", Authority);
        await Programs.RunAsync("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", key, "-out", request);
        await Programs.RunAsync("openssl", "x509", "-req", "-in", request, "-CA", Authority, "-CAkey", authorityKey, "-CAcreateserial", "-days", "2", "-extfile", names, "-out", certificate);
        await Programs.RunAsync("chmod", "600", key);
        await Programs.RunAsMyselfAsync("chmod", "755", Home);
        await File.AppendAllTextAsync(file, $"\nssl = on\nssl_cert_file = '{certificate}'\nssl_key_file = '{key}'\n");
        await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(file)!, "pg_hba.conf"), "local all all trust\nhostnossl postgres all all trust\nhostssl all all all trust\n");
    }
}
