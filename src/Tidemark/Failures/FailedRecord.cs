using System.Security.Cryptography;
using System.Text;

namespace Tidemark.Failures;

/// <summary>A record that could not be written, kept so that it can be looked at, mended and tried again.</summary>
public sealed record FailedRecord
{
    /// <summary>Deterministic: the same record of the same stream has the same id, however often it fails.</summary>
    public required string Id { get; init; }

    /// <summary>The pipeline.</summary>
    public required string PipelineName { get; init; }

    /// <summary>The stream.</summary>
    public required string Stream { get; init; }

    /// <summary>The run in which it failed.</summary>
    public required string RunId { get; init; }

    /// <summary>Why: what was found, what was expected.</summary>
    public required string Reason { get; init; }

    /// <summary>The record as it arrived, not always valid UTF-8.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>When it failed last.</summary>
    public required DateTimeOffset FailedAt { get; init; }

    /// <summary>How often it has failed; the store counts.</summary>
    public long Attempts { get; init; } = 1;

    /// <summary>Where it stands.</summary>
    public FailedRecordStatus Status { get; init; }

    /// <summary>When it was closed; null while it is open.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>The id of a record: the first 16 bytes of SHA-256 over pipeline, stream and payload, in hexadecimal digits.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="payload">The record as it arrived.</param>
    public static string IdOf(string pipeline, string stream, ReadOnlySpan<byte> payload)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{pipeline}\0{stream}\0"));
        hash.AppendData(payload);
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }
}
