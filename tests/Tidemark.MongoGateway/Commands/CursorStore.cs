using System.Collections.Concurrent;
using Npgsql;

namespace Tidemark.MongoGateway.Commands;

/// <summary>The cursors that clients have not read to their end. Any connection may go on with one.</summary>
internal sealed class CursorStore
{
    private readonly ConcurrentDictionary<long, Cursor> _cursors = new();

    public void Add(Cursor cursor) => _cursors[cursor.Id] = cursor;

    /// <summary>Takes one out: whoever goes on with it adds it again.</summary>
    public Cursor? Take(long id) => _cursors.TryRemove(id, out var cursor) ? cursor : null;
}

/// <summary>How DocumentDB goes on with a cursor.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Continuation">What it wants to be told.</param>
/// <param name="Session">The session that holds its rows, closed with it; none where any session can go on.</param>
internal sealed record Cursor(long Id, byte[] Continuation, NpgsqlConnection? Session);
