using System.Buffers.Binary;
using Tidemark.MongoGateway.Bson;

namespace Tidemark.MongoGateway.Wire;

/// <summary>MongoDB's wire protocol over a connection: requests in, answers out.</summary>
internal sealed class MessageStream(Stream stream)
{
    private const int HeaderLength = 16;
    private const int MaxLength = 48_000_000;
    private const int OpReply = 1;
    private const int OpQuery = 2004;
    private const int OpMsg = 2013;
    private const int HasChecksum = 1;
    private const int MoreToCome = 2;

    private readonly byte[] _header = new byte[HeaderLength];
    private int _sent;

    /// <summary>The next request.</summary>
    /// <returns>Nothing when the client has closed the connection.</returns>
    /// <exception cref="InvalidDataException">It sent something else than this protocol.</exception>
    public async ValueTask<Request?> ReadAsync(CancellationToken cancellationToken)
    {
        if (await stream.ReadAtLeastAsync(_header, HeaderLength, throwOnEndOfStream: false, cancellationToken) < HeaderLength) return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(_header);
        if (length is < HeaderLength + 9 or > MaxLength) throw new InvalidDataException($"a message of {length} bytes");
        var message = new byte[length - HeaderLength];
        await stream.ReadExactlyAsync(message, cancellationToken);
        var id = BinaryPrimitives.ReadInt32LittleEndian(_header.AsSpan(4));
        return BinaryPrimitives.ReadInt32LittleEndian(_header.AsSpan(12)) switch
        {
            OpMsg => Message(id, message),
            OpQuery => Query(id, message),
            var other => throw new InvalidDataException($"the operation {other}"),
        };
    }

    /// <summary>Answers a request.</summary>
    public async ValueTask WriteAsync(Request request, BsonDocument answer, CancellationToken cancellationToken)
    {
        // OP_REPLY: flags, cursor id, starting from, number of documents. OP_MSG: flags and the kind of section, 0.
        var head = request.IsLegacy ? 20 : 5;
        var message = new byte[HeaderLength + head + answer.Bytes.Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(4), ++_sent);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(8), request.Id);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(12), request.IsLegacy ? OpReply : OpMsg);
        if (request.IsLegacy) message[HeaderLength + 16] = 1;
        answer.Bytes.Span.CopyTo(message.AsSpan(HeaderLength + head));
        await stream.WriteAsync(message, cancellationToken);
    }

    private static Request Message(int id, ReadOnlyMemory<byte> message)
    {
        var flags = BinaryPrimitives.ReadInt32LittleEndian(message.Span);
        var rest = message[4..((flags & HasChecksum) == 0 ? message.Length : message.Length - 4)];
        BsonDocument? body = null;
        (ReadOnlyMemory<byte> Documents, string Name)? sequence = null;
        while (rest.Length > 0)
        {
            var section = rest[1..(1 + BinaryPrimitives.ReadInt32LittleEndian(rest.Span[1..]))];
            switch (rest.Span[0])
            {
                case 0:
                    body = new BsonDocument(section);
                    break;
                case 1 when sequence is null:
                    var name = section.Span[4..].IndexOf((byte)0);
                    sequence = (section[(4 + name + 1)..], System.Text.Encoding.UTF8.GetString(section.Span.Slice(4, name)));
                    break;
                default:
                    throw new InvalidDataException("a second document sequence, or a section of an unknown kind");
            }
            rest = rest[(1 + section.Length)..];
        }
        return new Request(id, IsLegacy: false, (flags & MoreToCome) == 0, body ?? throw new InvalidDataException("a message without a body"), sequence?.Documents, sequence?.Name);
    }

    // Flags, the collection's name, two numbers, and the command, by some wrapped in $query.
    private static Request Query(int id, ReadOnlyMemory<byte> message)
    {
        var body = BsonDocument.At(message[(4 + message.Span[4..].IndexOf((byte)0) + 1 + 8)..]);
        return new Request(id, IsLegacy: true, IsAnswered: true, body.Find("$query")?.Document ?? body, Sequence: null, SequenceName: null);
    }
}
