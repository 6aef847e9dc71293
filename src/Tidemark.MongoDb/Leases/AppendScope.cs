using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tidemark.Destinations;
using Tidemark.MongoDb.Bson;
using Tidemark.MongoDb.Native;

namespace Tidemark.MongoDb.Leases;

/// <summary>
/// The identities of documents that are appended between two commits: <c>_id = hash(stream and how often it was committed, who, content, occurrence)</c>. A repeat of the same documents meets
/// itself and is harmless; the same content in a later commit is another document; and what was never committed is found again by how its <c>_id</c> begins, and taken away.
/// </summary>
/// <remarks>The text is 16 hexadecimal digits of the scope, 8 of the holder's epoch, and 32 of the content and its occurrence.</remarks>
internal sealed class AppendScope
{
    /// <summary>How long an identity is.</summary>
    public const int IdLength = 56;

    private readonly Dictionary<UInt128, int> _seen = [];
    private readonly string _prefix;
    private readonly string _scope;

    /// <param name="epoch">The holder: a later one has a larger number.</param>
    /// <param name="scope">What tells this commit from all others.</param>
    public AppendScope(long epoch, params string[] scope)
    {
        _scope = StableHash.Of(scope);
        _prefix = _scope + epoch.ToString("x8", CultureInfo.InvariantCulture);
    }

    /// <summary>The identity of a document.</summary>
    /// <param name="content">All of it but its identity.</param>
    /// <param name="id">Gets it, as ASCII: 56 bytes.</param>
    public void NextId(ReadOnlySpan<byte> content, Span<byte> id)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(content, hash);
        var key = BitConverter.ToUInt128(hash);
        var occurrence = _seen.GetValueOrDefault(key);
        _seen[key] = occurrence + 1;
        if (occurrence > 0)
        {
            BitConverter.TryWriteBytes(hash[16..], occurrence);
            SHA256.HashData(hash[..20], hash);
        }
        Encoding.ASCII.GetBytes(_prefix, id);
        Convert.TryToHexStringLower(hash[..16], id[_prefix.Length..], out _);
    }

    /// <summary>Takes away what this holder has appended.</summary>
    public Task UndoAsync(MongoSession session, string collection, CancellationToken cancellationToken) => RemoveAsync(session, collection, _prefix, _prefix + "g", cancellationToken);

    /// <summary>Takes away what holders before this one have appended and not committed.</summary>
    public Task UndoEarlierAsync(MongoSession session, string collection, CancellationToken cancellationToken) => RemoveAsync(session, collection, _scope, _prefix, cancellationToken);

    // Behind every hexadecimal digit comes the letter g.
    private static Task RemoveAsync(MongoSession session, string collection, string from, string to, CancellationToken cancellationToken) => session.WriteAsync(
        collection,
        bulk => bulk.RemoveMany(BsonWriter.Document(w =>
        {
            w.Begin("_id"u8);
            w.String("$gte"u8, from);
            w.String("$lt"u8, to);
            w.End();
        })),
        cancellationToken);
}
