using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tidemark.Lookups.Keys;

namespace Tidemark.Lookups.Asking;

/// <summary>A lookup with types of a program's own.</summary>
/// <typeparam name="TKey">What is asked: it becomes a JSON object of parameters, or a single value where there is one parameter.</typeparam>
/// <typeparam name="TValue">What is answered.</typeparam>
/// <param name="lookup">The lookup; it stays its owner's to dispose.</param>
/// <param name="keyType">How a key becomes JSON.</param>
/// <param name="valueType">How JSON becomes a value.</param>
public sealed class Lookup<TKey, TValue>(Lookup lookup, JsonTypeInfo<TKey> keyType, JsonTypeInfo<TValue> valueType)
{
    /// <summary>The answer to a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the wait of this caller; what is being bought is bought.</param>
    /// <exception cref="LookupInputException">It is no key of this lookup; nothing was spent.</exception>
    /// <exception cref="LookupException">There is no answer, and no old one that may be served.</exception>
    public async ValueTask<LookupAnswer<TValue>> GetAsync(TKey key, CancellationToken cancellationToken = default)
    {
        var asked = KeyOf(key);
        var answer = await lookup.GetAsync(asked, cancellationToken);
        lookup.AddHistory(asked, answer, LookupRequest.OfProgram);
        return AnswerOf(answer);
    }

    /// <summary>The answers to some keys, in their order, in as few calls as the source allows.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="cancellationToken">Ends the wait of this caller; what is being bought is bought.</param>
    /// <returns>The answers; one that can't be had says why.</returns>
    /// <exception cref="LookupInputException">One is no key of this lookup; nothing was spent.</exception>
    public async Task<IReadOnlyList<LookupAnswer<TValue>>> GetAsync(IEnumerable<TKey> keys, CancellationToken cancellationToken = default)
    {
        var asked = keys.Select(KeyOf).ToList();
        var answers = await lookup.GetAsync(asked, cancellationToken);
        foreach (var (key, answer) in asked.Zip(answers)) lookup.AddHistory(key, answer, LookupRequest.OfProgram);
        return [.. answers.Select(AnswerOf)];
    }

    private LookupKey KeyOf(TKey key)
    {
        var asked = lookup.KeyOf(JsonSerializer.SerializeToElement(key, keyType));
        lookup.CheckHistory(asked, LookupRequest.OfProgram);
        return asked;
    }

    private LookupAnswer<TValue> AnswerOf(LookupAnswer answer) =>
        new(answer.Value.IsEmpty ? default : JsonSerializer.Deserialize(answer.Value.Span, valueType), answer);
}
