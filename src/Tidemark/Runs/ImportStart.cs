using Tidemark.Records;
using Tidemark.Slices;
using Tidemark.Sources;

namespace Tidemark.Runs;

/// <summary>What an import has learned from the first answer of its source, before anything of it was committed.</summary>
internal sealed record ImportStart
{
    /// <summary>The source's clock at that answer, or, where it does not tell, ours when it was asked: whatever is older has been there for all slices.</summary>
    public required DateTimeOffset AnsweredAt { get; init; }

    /// <summary>How many records there were in all; null: nobody has to know.</summary>
    public long? Total { get; init; }

    /// <summary>How many a page had.</summary>
    public int? PageLength { get; init; }

    /// <summary>How many pages a slice has.</summary>
    public int? Step { get; init; }

    /// <summary>How many records a page was asked to have; null: the source chose.</summary>
    public int? Size { get; init; }

    /// <summary>What a first answer tells.</summary>
    /// <param name="slices">What has to be known.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="page">The answer.</param>
    /// <param name="askedAt">When it was asked for, by our clock.</param>
    /// <exception cref="SourceException">It does not tell how many records there are, or there are too many slices.</exception>
    public static ImportStart Of(SlicesDefinition slices, StreamRequest request, Page page, DateTimeOffset askedAt)
    {
        var start = new ImportStart { AnsweredAt = page.ServerTime ?? askedAt };
        if (slices.Pages is not { } step) return start;
        // A source that has nothing may say so without a number.
        var total = page.Total ?? (page.Records.Count == 0 && page.NextPosition is null ? 0 : throw new SourceException("the first answer has no number at total_path, and slices by pages have to know how many records there are: correct the path, or cut by list or by range"));
        start = start with { Total = total, PageLength = Math.Max(1, page.Records.Count), Step = step, Size = request.PageSize };
        var count = PageSlices.CountOf(step, total, start.PageLength.Value);
        return count <= SlicesDefinition.Most ? start : throw new SourceException($"{total} records in pages of {start.PageLength} make {count} slices, more than {SlicesDefinition.Most}: take a larger step");
    }
}
