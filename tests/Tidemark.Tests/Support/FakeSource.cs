using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Tidemark.Records;
using Tidemark.Sources;

namespace Tidemark.Tests.Support;

/// <summary>A request that asks for nothing, with the templates that a test gives it.</summary>
internal sealed record FakeRequest(params string[] Texts) : StreamRequest
{
    public override IEnumerable<Template> Templates => Texts.Select(Template.Parse);
}

/// <summary>Pages in memory; a position is the number of a page.</summary>
/// <param name="pages">The records of each page.</param>
/// <param name="onPage">Called with the number of each page before it is given.</param>
internal sealed class FakeSource(IReadOnlyList<string[]> pages, Action<int>? onPage = null) : ISource
{
    public async IAsyncEnumerable<Page> ReadAsync(ReadRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var i = request.ResumeFrom is { } from ? int.Parse(from, CultureInfo.InvariantCulture) : 0; i < pages.Count; i++)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            onPage?.Invoke(i);
            yield return PageOf($"{i}", i + 1 < pages.Count ? $"{i + 1}" : null, pages[i]);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public static Page PageOf(string? position, string? next, params string[] records) => PageOf(position, next, total: null, records);

    public static Page PageOf(string? position, string? next, long? total, string[] records)
    {
        var buffer = new PooledBuffer();
        var slices = new List<RecordSlice>();
        foreach (var record in records)
        {
            var bytes = Encoding.UTF8.GetBytes(record);
            slices.Add(new RecordSlice(buffer.Length, bytes.Length));
            buffer.Write(bytes);
        }
        return new Page(buffer, slices) { Position = position, NextPosition = next, Total = total };
    }
}
