using Tidemark.Http.Calls;
using Tidemark.Records;

namespace Tidemark.Http.Requests;

/// <summary>Reads answers of REST.</summary>
/// <param name="path">Where the records are.</param>
internal sealed class RestReader(JsonPath path) : IAnswerReader
{
    public Failure? Read(ReadOnlySpan<byte> body, List<RecordSlice> records) =>
        path.Collect(body, records) ? null : new Failure("has no records in its answer") { Excerpt = MissingRecords.Explain(path.ToString(), body), Advice = "correct 'records' of the stream" };
}
