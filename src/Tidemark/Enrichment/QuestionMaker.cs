using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tidemark.Records;

namespace Tidemark.Enrichment;

/// <summary>Makes questions of records, and groups of questions. Pure.</summary>
/// <param name="definition">What is asked.</param>
internal sealed class QuestionMaker(EnrichmentDefinition definition)
{
    private readonly (string Name, JsonPath Path)[] _fields =
        [.. definition.Request.Templates.SelectMany(t => t.RecordFields).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(f => (f, JsonPath.Parse(f)))];

    /// <summary>The question about a record; null if it is no JSON object, or lacks what tells its answer from others: nobody is asked about it.</summary>
    public Question? About(ReadOnlySpan<byte> record)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{definition.Source}\0{definition.Fingerprint}\0"));
        try
        {
            if (!JsonPath.FindFields(record, [], [])) return null;
            foreach (var (name, path) in _fields)
            {
                if (path.FindText(record) is not { } text) continue;
                fields[name] = text;
                hash.AppendData(Encoding.UTF8.GetBytes($"{name}\0{text.Length}\0{text}\0"));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
        var key = definition.Match is { } match ? fields.GetValueOrDefault(match.Record) : null;
        return definition.Match is not null && key is null ? null : new Question(Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16)), fields, key);
    }

    /// <summary>Puts questions into groups for one call each, in their order. Of two with one key nobody could tell the answers apart, so they come into different groups.</summary>
    public IEnumerable<IReadOnlyList<Question>> GroupsOf(IEnumerable<Question> questions)
    {
        var group = new List<Question>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var question in questions)
        {
            if (group.Count == definition.Group || (question.Key is { } key && !keys.Add(key)))
            {
                yield return group;
                group = [];
                keys.Clear();
                if (question.Key is { } first) keys.Add(first);
            }
            group.Add(question);
        }
        if (group.Count > 0) yield return group;
    }
}
