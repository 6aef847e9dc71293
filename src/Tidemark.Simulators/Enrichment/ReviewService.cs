using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace Tidemark.Simulators.Enrichment;

/// <summary>Decides what a company's review is, from nothing but the seed and the request: however often and in whatever order it is asked.</summary>
internal sealed class ReviewService(int seed, double rubbish)
{
    private static readonly ReviewOutcome[] OfNoUse = [.. Enum.GetValues<ReviewOutcome>().Where(static one => one != ReviewOutcome.Good)];

    private readonly string _copied = ReviewText.Write(new Random(seed), ReviewedCompany.Unknown);

    /// <exception cref="JsonException">The request is not JSON.</exception>
    public (ReviewOutcome Outcome, string Text) Review(ReadOnlyMemory<byte> request)
    {
        using var document = JsonDocument.Parse(request);
        var random = new Random(SeedOf(request.Span));
        var outcome = random.NextDouble() < rubbish ? OfNoUse[random.Next(OfNoUse.Length)] : ReviewOutcome.Good;
        return (outcome, outcome switch
        {
            ReviewOutcome.Empty => "",
            ReviewOutcome.TooShort => "Good.",
            ReviewOutcome.Copied => _copied,
            ReviewOutcome.NotJson => "I'm sorry, I can't help with that. {\"review\":",
            ReviewOutcome.Failed => "The model is overloaded.",
            _ => ReviewText.Write(random, ReviewedCompany.Of(document.RootElement)),
        });
    }

    private int SeedOf(ReadOnlySpan<byte> request)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> seedBytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(seedBytes, seed);
        hash.AppendData(seedBytes);
        hash.AppendData(request);
        return BinaryPrimitives.ReadInt32LittleEndian(hash.GetHashAndReset());
    }
}
