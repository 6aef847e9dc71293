using Npgsql;

namespace Tidemark.PostgreSql.Native;

/// <summary>What is the same for all our connections.</summary>
internal static class ConnectionSettings
{
    /// <summary>The seconds until a server that does not answer counts as unreachable, where the URL says nothing.</summary>
    public const int ConnectSeconds = 15;

    /// <summary>Settings without a host.</summary>
    /// <remarks>
    /// No limit of time for commands: a new type for a column of a big table takes what it takes; TCP tells when the server is gone. No pool: a stream keeps its connection, and
    /// after a lost one only a new connection tells the truth. Nothing at the start that PgBouncer does not know. Error details, as they say which value was refused.
    /// </remarks>
    public static NpgsqlConnectionStringBuilder New() => new()
    {
        ApplicationName = "tidemark",
        Timeout = ConnectSeconds,
        CommandTimeout = 0,
        TcpKeepAlive = true,
        TcpKeepAliveTime = 30,
        TcpKeepAliveInterval = 10,
        Pooling = false,
        NoResetOnClose = true,
        MaxAutoPrepare = 0,
        Multiplexing = false,
        Enlist = false,
        IncludeErrorDetail = true,
        // A try for each connection, for a library that most machines do not have.
        GssEncryptionMode = GssEncryptionMode.Disable,
    };
}
