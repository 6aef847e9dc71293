using Tidemark.Records;

namespace Tidemark.Lookups;

/// <summary>Computes values from an answer. It must be immutable; any number of tasks use it.</summary>
public interface ILookupComputation
{
    /// <summary>What columns are taken from, instead of the answer.</summary>
    /// <param name="answer">The answer, UTF-8 JSON.</param>
    /// <param name="request">The parameters.</param>
    /// <returns>A JSON object; null: there is no answer.</returns>
    /// <exception cref="FormatException">The answer lacks what is needed; the message says what.</exception>
    ReadOnlyMemory<byte>? Compute(ReadOnlyMemory<byte> answer, IReadOnlyDictionary<string, ScalarValue> request);
}
