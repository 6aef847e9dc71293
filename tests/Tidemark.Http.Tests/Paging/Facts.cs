using System.Text;
using Tidemark.Http.Paging;

namespace Tidemark.Http.Tests.Paging;

/// <summary>Steps of a paginator without any I/O.</summary>
internal static class Facts
{
    public static PageStep After(this Paginator paginator, PageRequest sent, int count, string body = "{}", int longest = 0, string? link = null, string url = "http://api.test/items", string last = "{}", string records = "items") =>
        paginator.After(sent, new PageFacts
        {
            Body = Encoding.UTF8.GetBytes(body),
            Count = count,
            LongestBefore = longest,
            Url = new Uri(url),
            Link = link,
            LastRecord = Encoding.UTF8.GetBytes(last),
            RecordsPath = records,
        });

    public static string Query(this PageRequest request) => string.Join('&', request.Params.Select(p => $"{p.Name}={p.Text}"));
}
