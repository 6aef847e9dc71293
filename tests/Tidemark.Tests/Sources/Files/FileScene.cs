using System.IO.Compression;
using System.Text;
using Tidemark.Sources;
using Tidemark.Sources.Files;
using Tidemark.Telemetry;

namespace Tidemark.Tests.Sources.Files;

/// <summary>A directory of its own with files in it, and a way to read them all.</summary>
public sealed class FileScene : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("tidemark-files-").FullName;

    public StreamCounters Counters { get; } = new();

    public string PathOf(string name) => Path.Combine(_directory, name);

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllBytes(PathOf(name), name.EndsWith(".gz", StringComparison.Ordinal) ? Pack(bytes) : bytes);
        return PathOf(name);
    }

    public static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }

    public ReadRequest Request(string? resumeFrom = null, string? path = null, TemplateValues? values = null) => new()
    {
        Stream = "rows",
        Request = new FileRequest { Path = path is null ? null : Template.Parse(path) },
        Values = values ?? new TemplateValues { Now = DateTimeOffset.UnixEpoch },
        ResumeFrom = resumeFrom,
        Counters = Counters,
    };

    public Task<List<ReadPage>> PagesAsync(string path, string? resumeFrom = null) => PagesAsync(new FileSource { Path = path }, Request(resumeFrom));

    public static async Task<List<ReadPage>> PagesAsync(SourceDefinition source, ReadRequest request)
    {
        var pages = new List<ReadPage>();
        await using var opened = source.Open(new SourceServices());
        await foreach (var page in opened.ReadAsync(request, TestContext)) pages.Add(ReadPage.Of(page));
        return pages;
    }

    public async Task<List<string>> RecordsAsync(string path, string? resumeFrom = null) => [.. (await PagesAsync(path, resumeFrom)).SelectMany(p => p.Records)];

    public async Task<string> ErrorAsync(string path, string? resumeFrom = null)
    {
        var e = await Should.ThrowAsync<SourceException>(() => PagesAsync(path, resumeFrom));
        return e.Message.Replace(_directory, "DIR", StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static CancellationToken TestContext => CancellationToken.None;
}
