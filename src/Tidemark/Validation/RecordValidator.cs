using System.Text.Json;

namespace Tidemark.Validation;

/// <summary>Judges records by the rules of their stream. Owned by one task.</summary>
internal sealed class RecordValidator
{
    private readonly RuledFields _fields = new();
    private readonly Entry[] _entries;

    /// <param name="rules">The rules; a record that breaks several of them is rejected by the first.</param>
    public RecordValidator(IReadOnlyList<ValidationRule> rules) =>
        _entries = [.. rules.Select(r => new Entry(r, FieldCheck.Of(r.Rule), _fields.Ask(r.Field), r.Rule is TooSimilarRule { ToField: { } other } ? _fields.Ask(other) : null))];

    /// <summary>Null if the record keeps all rules, without allocating anything; so too if it is no JSON object: the batch refuses it, and says why.</summary>
    /// <param name="record">A record, UTF-8.</param>
    public Rejection? Judge(ReadOnlySpan<byte> record)
    {
        if (_entries.Length == 0) return null;
        try
        {
            if (!_fields.Find(record)) return null;
        }
        catch (JsonException)
        {
            return null;
        }
        foreach (var entry in _entries)
        {
            if (Misfit(entry, record) is { } misfit) return RejectionOf(entry.Rule, misfit);
        }
        return null;
    }

    private string? Misfit(in Entry entry, ReadOnlySpan<byte> record)
    {
        try
        {
            var value = _fields.Of(record, entry.Field);
            return entry.Check.Concerns(value) ? entry.Check.Misfit(value, entry.Other is { } other ? _fields.Of(record, other) : default) : null;
        }
        catch (InvalidOperationException e)
        {
            // The reader's word for escapes that are no character, such as a lone surrogate.
            return $"found a text that can't be read: {e.Message}";
        }
    }

    private static Rejection RejectionOf(ValidationRule rule, string misfit) => new(rule.Key, rule.Reason is { } why ? $"{rule.Key}: {why} ({misfit})" : $"{rule.Key}: {misfit}");

    private readonly record struct Entry(ValidationRule Rule, FieldCheck Check, int Field, int? Other);
}
