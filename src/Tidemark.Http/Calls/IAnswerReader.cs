using Tidemark.Records;

namespace Tidemark.Http.Calls;

/// <summary>How a stream reads the body of a 2xx answer: pure.</summary>
internal interface IAnswerReader
{
    /// <summary>Collects the records. Answers null, or why there is no page.</summary>
    /// <param name="body">The body, not empty.</param>
    /// <param name="records">Where records go.</param>
    /// <exception cref="System.Text.Json.JsonException">It is not whole JSON; the call is tried again.</exception>
    Failure? Read(ReadOnlySpan<byte> body, List<RecordSlice> records);
}
