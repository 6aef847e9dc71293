using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Tidemark.MongoGateway.Bson;

namespace Tidemark.MongoGateway.Tests;

/// <summary>A client that writes the protocol by hand: forms of it that neither driver sends at will.</summary>
internal sealed class WireClient : IDisposable
{
    private const int OpQuery = 2004;
    private const int OpMsg = 2013;

    private readonly TcpClient _client = new();
    private int _sent;

    private WireClient()
    {
    }

    private NetworkStream Stream => _client.GetStream();

    public static async Task<WireClient> ConnectAsync(int port)
    {
        var client = new WireClient();
        await client._client.ConnectAsync(IPAddress.Loopback, port);
        return client;
    }

    /// <summary>Sends a command and reads its answer.</summary>
    public async Task<BsonDocument> AskAsync(BsonDocument body, int flags = 0)
    {
        await SendAsync(body, flags);
        return await AnswerAsync();
    }

    /// <summary>Sends a command as OP_MSG.</summary>
    /// <param name="body">The command.</param>
    /// <param name="flags">1: a checksum follows, 2: no answer is wanted.</param>
    /// <param name="name">How its documents are called.</param>
    /// <param name="documents">What goes beside it.</param>
    public Task SendAsync(BsonDocument body, int flags = 0, string? name = null, params BsonDocument[] documents)
    {
        var message = new MemoryStream();
        message.Write(Number(flags));
        message.WriteByte(0);
        message.Write(body.Bytes.Span);
        if (name is not null)
        {
            message.WriteByte(1);
            message.Write(Number(4 + name.Length + 1 + documents.Sum(d => d.Bytes.Length)));
            message.Write(Encoding.UTF8.GetBytes(name + '\0'));
            foreach (var document in documents) message.Write(document.Bytes.Span);
        }
        if ((flags & 1) != 0) message.Write(Number(0));
        return SendAsync(OpMsg, message.ToArray());
    }

    /// <summary>Sends a command as OP_QUERY, as drivers did before they knew what the server speaks.</summary>
    public async Task<BsonDocument> AskLegacyAsync(BsonDocument body)
    {
        await SendAsync(OpQuery, [.. Number(0), .. Encoding.UTF8.GetBytes("admin.$cmd\0"), .. Number(0), .. Number(-1), .. body.Bytes.Span]);
        return await AnswerAsync();
    }

    /// <summary>Sends bytes as they are.</summary>
    public Task SendAsync(byte[] bytes) => Stream.WriteAsync(bytes).AsTask();

    /// <summary>The next answer.</summary>
    /// <exception cref="EndOfStreamException">The connection was cut.</exception>
    public async Task<BsonDocument> AnswerAsync()
    {
        var header = new byte[16];
        try
        {
            await Stream.ReadExactlyAsync(header);
        }
        catch (IOException e) when (e is not EndOfStreamException)
        {
            throw new EndOfStreamException(e.Message, e);
        }
        BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(8)).ShouldBe(_sent);
        var message = new byte[BinaryPrimitives.ReadInt32LittleEndian(header) - header.Length];
        await Stream.ReadExactlyAsync(message);
        return BsonDocument.At(message.AsMemory(BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12)) == OpMsg ? 5 : 20));
    }

    public void Dispose() => _client.Dispose();

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    private Task SendAsync(int operation, byte[] message) => SendAsync([.. Number(16 + message.Length), .. Number(++_sent), .. Number(0), .. Number(operation), .. message]);
}
