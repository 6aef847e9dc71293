using System.Globalization;
using Tidemark.Records;
using Tidemark.Sources;
using Tidemark.Sources.Files;
using Tidemark.Telemetry;

namespace Tidemark.Benchmarks;

/// <summary>The records of the benchmarks, in a file that is deleted in the end.</summary>
internal sealed class Rows : IDisposable
{
    /// <summary>How many there are.</summary>
    public const int Count = 1_000_000;

    private static readonly string[] Cities = ["Paris", "Lyon", "Marseille", "Toulouse", "Nice", "Nantes", "Montpellier", "Strasbourg"];

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"tidemark-rows-{Guid.NewGuid():n}.jsonl");
    private readonly ISource _source;

    public Rows()
    {
        using var file = File.CreateText(_path);
        for (var i = 1; i <= Count; i++)
        {
            file.Write(string.Create(CultureInfo.InvariantCulture, $$"""
                {"id":{{i}},"email":"user{{i}}@example.com","name":"Customer number {{i}}","city":"{{Cities[i % 8]}}","amount":{{i % 900}}.{{i % 100:00}},"updated_at":"2026-01-{{1 + (i % 28):00}}T{{i % 24:00}}:{{i % 60:00}}:00Z","active":{{(i % 2 == 0 ? "true" : "false")}}}

                """));
        }
        _source = new FileSource { Path = _path }.Open(new SourceServices());
    }

    /// <summary>What is declared of them.</summary>
    public static BatchSchema Schema { get; } = new() { PrimaryKey = ["id"] };

    /// <summary>Reads them, a page after the other.</summary>
    public IAsyncEnumerable<Page> ReadAsync() => _source.ReadAsync(
        new ReadRequest { Stream = "rows", Request = new FileRequest(), Values = new TemplateValues { Now = DateTimeOffset.UnixEpoch }, Counters = new StreamCounters() }, CancellationToken.None);

    public void Dispose() => File.Delete(_path);
}
