using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tidemark.Tests.Shared;

/// <summary>
/// Stands between a client and a PostgreSQL server, counts round trips on the wire, and loses answers when it is told to. A round trip is a message of the client that it awaits an
/// answer to: Sync, Flush, a simple query, the end of COPY.
/// </summary>
public sealed class WireProxy : IAsyncDisposable
{
    private const int SslRequest = 80877103;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _serverPort;
    private readonly Task _accepting;
    private readonly List<Task> _relays = [];
    private int _roundTrips;
    private volatile string? _loseAnswerTo;
    private volatile string? _loseBefore;
    private int _lost;

    /// <param name="serverPort">Where the server listens on 127.0.0.1.</param>
    public WireProxy(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Round trips since the start, or since <see cref="Reset"/>; those of connecting are among them.</summary>
    public int RoundTrips => Volatile.Read(ref _roundTrips);

    /// <summary>How many connections were cut.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>A URL whose server is reached through this.</summary>
    public string Through(string url) => new UriBuilder(url) { Port = Port, Query = "sslmode=disable" }.Uri.ToString();

    public void Reset() => Volatile.Write(ref _roundTrips, 0);

    /// <summary>The next message with this text reaches the server, but the client gets no answer: its connection is cut when the server has answered.</summary>
    public void LoseAnswerTo(string text) => _loseAnswerTo = text;

    /// <summary>The next message with this text does not reach the server: the connection is cut.</summary>
    public void LoseBefore(string text) => _loseBefore = text;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_relays);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _relays.Add(RelayAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The end.
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using var _ = client;
        using var server = new TcpClient { NoDelay = true };
        client.NoDelay = true;
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var isMuted = new StrongBox();
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _serverPort, cut.Token);
            var up = UpAsync(client.GetStream(), server.GetStream(), isMuted, cut);
            var down = DownAsync(server.GetStream(), client.GetStream(), isMuted, cut);
            await Task.WhenAny(up, down);
            await cut.CancelAsync();
            await Task.WhenAll(up, down);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
            // One side is gone.
        }
    }

    // From the client: messages are read one by one.
    private async Task UpAsync(NetworkStream client, NetworkStream server, StrongBox isMuted, CancellationTokenSource cut)
    {
        var header = new byte[5];
        // The first message has no type.
        await client.ReadExactlyAsync(header.AsMemory(0, 4), cut.Token);
        var first = new byte[BinaryPrimitives.ReadInt32BigEndian(header)];
        header.AsSpan(0, 4).CopyTo(first);
        await client.ReadExactlyAsync(first.AsMemory(4), cut.Token);
        if (BinaryPrimitives.ReadInt32BigEndian(first.AsSpan(4)) == SslRequest) throw new IOException("connect with sslmode=disable");
        await server.WriteAsync(first, cut.Token);
        while (true)
        {
            await client.ReadExactlyAsync(header, cut.Token);
            var message = new byte[1 + BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1))];
            header.CopyTo(message, 0);
            await client.ReadExactlyAsync(message.AsMemory(5), cut.Token);
            if ((char)message[0] is 'S' or 'H' or 'Q' or 'c') Interlocked.Increment(ref _roundTrips);
            if (_loseBefore is { } before && message.AsSpan().IndexOf(Encoding.UTF8.GetBytes(before)) >= 0)
            {
                _loseBefore = null;
                Interlocked.Increment(ref _lost);
                return;
            }
            if (_loseAnswerTo is { } after && message.AsSpan().IndexOf(Encoding.UTF8.GetBytes(after)) >= 0)
            {
                _loseAnswerTo = null;
                isMuted.Value = true;
            }
            await server.WriteAsync(message, cut.Token);
        }
    }

    private async Task DownAsync(NetworkStream server, NetworkStream client, StrongBox isMuted, CancellationTokenSource cut)
    {
        var bytes = new byte[16 * 1024];
        while (true)
        {
            var count = await server.ReadAsync(bytes, cut.Token);
            if (count == 0) return;
            if (isMuted.Value)
            {
                // It ends with ReadyForQuery: by now the server has done all that it was told to.
                while (!(count >= 6 && bytes[count - 6] == (byte)'Z')) count = await server.ReadAsync(bytes, cut.Token);
                Interlocked.Increment(ref _lost);
                return;
            }
            await client.WriteAsync(bytes.AsMemory(0, count), cut.Token);
        }
    }

    private sealed class StrongBox
    {
        private volatile bool _value;

        public bool Value { get => _value; set => _value = value; }
    }
}
