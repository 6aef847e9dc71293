using System.Runtime.CompilerServices;
using Tidemark.Records;
using Tidemark.Telemetry;

namespace Tidemark.Sources.Files;

/// <summary>Reads files and standard input, a page of about 1 MiB at a time.</summary>
/// <param name="source">What to read.</param>
/// <param name="openStandardInput">Opens standard input.</param>
internal sealed class FileReader(FileSource source, Func<Stream> openStandardInput) : ISource
{
    private int _standardInputTaken;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Page> ReadAsync(ReadRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = PathOf(request);
        var live = path is FileSet.StandardInput;
        IReadOnlyList<(string Path, string Name)> files = live ? [(path, "standard input")] : FileSet.Find(path);
        var start = StartOf(request.ResumeFrom, files, live);
        for (var i = start.File; i < files.Count; i++)
        {
            var next = i + 1 < files.Count ? new FilePosition(i + 1, 0, 1, files[i + 1].Name).ToString() : null;
            var position = i == start.File ? start : new FilePosition(i, 0, 1, files[i].Name);
            await using var file = await OpenedFile.OpenAsync(source, files[i].Path, live ? OpenStandardInput : null, position, cancellationToken).ConfigureAwait(false);
            while (await file.ReadAsync(next, cancellationToken).ConfigureAwait(false) is { } page)
            {
                request.Counters.Add(Counter.Pages);
                request.Counters.Add(Counter.Bytes, page.ByteCount);
                yield return page;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => default;

    private Stream OpenStandardInput() => Interlocked.Exchange(ref _standardInputTaken, 1) == 0
        ? new LiveInput(openStandardInput())
        : throw new SourceException("standard input was read already; one stream a run can read it");

    private string PathOf(ReadRequest request)
    {
        if ((request.Request as FileRequest)?.Path is not { } template)
            return source.Path ?? throw new SourceException($"the stream '{request.Stream}' has no path; set path in its source, or request: {{ path: … }} in the stream");
        return template.Fill(request.Values, Plain)
            ?? throw new SourceException($"the path '{template}' needs a value that does not exist yet; a path can't be left out");
    }

    // A value from outside names a file in the directory that the user wrote, and no other.
    private static string Plain(string value) =>
        value.Length > 0 && value is not (".." or ".") && value.IndexOfAny(['/', '\\', '*', '?', '\0']) < 0
            ? value
            : throw new SourceException($"found the value '{value}' for a path, expected one without '/', '\\', '*' and '?'");

    private static FilePosition StartOf(string? resumeFrom, IReadOnlyList<(string Path, string Name)> files, bool live)
    {
        if (resumeFrom is null) return new FilePosition(0, 0, 1, files[0].Name);
        if (live) throw new SourceException("standard input can't go back to where an earlier run was") { PositionRefused = true };
        if (!FilePosition.TryParse(resumeFrom, out var position)) throw new SourceException($"found the position '{resumeFrom}', which is none of a file source") { PositionRefused = true };
        if (position.File < files.Count && string.Equals(files[position.File].Name, position.Name, StringComparison.Ordinal)) return position;
        throw new SourceException($"the earlier run was in '{position.Name}', file {position.File + 1} in their order, but the files are others now") { PositionRefused = true };
    }
}
