using System.Text;
using Tidemark.Records;

namespace Tidemark.Tests.Sources.Files;

/// <summary>What a page held, after it was disposed. Bytes that are no UTF-8 show as U+FFFD.</summary>
public sealed record ReadPage(List<string> Records, string? Position, string? NextPosition)
{
    public static ReadPage Of(Page page)
    {
        using (page)
        {
            var records = Enumerable.Range(0, page.Records.Count).Select(i => Encoding.UTF8.GetString(page.Record(i))).ToList();
            return new ReadPage(records, page.Position, page.NextPosition);
        }
    }
}
