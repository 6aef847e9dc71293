using Tidemark.Http.Calls;
using Tidemark.Records;

namespace Tidemark.Http.Requests;

/// <summary>Reads answers of REST.</summary>
/// <param name="path">Where the records are.</param>
internal sealed class RestReader(JsonPath path) : IAnswerReader
{
    public Failure? Read(ReadOnlySpan<byte> body, List<RecordSlice> records) =>
        path.Collect(body, records) ? MissingRecords.OfEnvelope(path, body) : MissingRecords.Of(path, body);
}
