using System.Buffers.Binary;
using Tidemark.Destinations;
using Tidemark.Sqlite;

namespace Tidemark.Cli.Commands.Demos;

/// <summary>The write-ahead log of an SQLite database, in which each transaction that wrote ends with a frame that says so. It is there as long as somebody has the database open.</summary>
/// <param name="Salt">What tells one log from the next: frames before it are gone.</param>
/// <param name="Commits">Transactions in it.</param>
internal sealed record WriteAheadLog(long Salt, int Commits)
{
    private const int HeaderSize = 32, FrameHeaderSize = 24, PageSizeAt = 8, SaltAt = 16;

    /// <summary>Reads the log of a destination; null: it is no SQLite database, or has no log yet.</summary>
    public static async Task<WriteAheadLog?> ReadAsync(DestinationDefinition destination, CancellationToken cancellationToken)
    {
        if (destination is not SqliteDestination { Path: var path } || !File.Exists(path + "-wal")) return null;
        await using var file = new FileStream(path + "-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var log = new byte[file.Length];
        return log.Length == await file.ReadAtLeastAsync(log, log.Length, throwOnEndOfStream: false, cancellationToken) ? Parse(log) : null;
    }

    private static WriteAheadLog? Parse(ReadOnlySpan<byte> log)
    {
        if (log.Length < HeaderSize) return null;
        var (salt, frame) = (BinaryPrimitives.ReadInt64BigEndian(log[SaltAt..]), FrameHeaderSize + BinaryPrimitives.ReadInt32BigEndian(log[PageSizeAt..]));
        var commits = 0;
        for (var at = HeaderSize; at + frame <= log.Length && BinaryPrimitives.ReadInt64BigEndian(log[(at + 8)..]) == salt; at += frame)
        {
            // The size of the database after the transaction, in its last frame; 0 in the others.
            if (BinaryPrimitives.ReadInt32BigEndian(log[(at + 4)..]) > 0) commits++;
        }
        return new WriteAheadLog(salt, commits);
    }

    /// <summary>Transactions since another look at it; null: it has begun anew meanwhile, so nobody can tell.</summary>
    public int? Since(WriteAheadLog? before) => before is null ? Commits : before.Salt == Salt ? Commits - before.Commits : null;
}
