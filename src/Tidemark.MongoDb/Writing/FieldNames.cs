using System.Text;
using Tidemark.MongoDb.Collections;
using Tidemark.Records;

namespace Tidemark.MongoDb.Writing;

/// <summary>The names under which the columns of a batch are stored, and what is wrong with them.</summary>
/// <param name="batch">The batch.</param>
/// <param name="isUpdate">True if documents are changed by their fields: there, MongoDB reads a dot as a path and a dollar as an operator. In documents that are inserted it takes both.</param>
internal sealed class FieldNames(RecordBatch batch, bool isUpdate)
{
    private readonly byte[][] _names = [.. batch.Columns.Select(c => Encoding.UTF8.GetBytes(Stored(c.Field)))];
    private readonly string?[] _problems = [.. batch.Columns.Select(c => ProblemOf(c.Field, isUpdate))];

    /// <summary>The name of a column, by its place in the batch.</summary>
    public ReadOnlySpan<byte> Of(int column) => _names[column];

    /// <summary>Why a column can't be written; null: it can.</summary>
    public string? ProblemOf(int column) => _problems[column];

    /// <summary>The name under which a field is stored: names of ours are ours.</summary>
    public static string Stored(string field) => field.StartsWith(ColumnCollection.Prefix, StringComparison.Ordinal) ? field + "_" : field;

    /// <summary>Why a field can't be written; null: it can.</summary>
    public static string? ProblemOf(string field, bool isUpdate)
    {
        if (field.Contains('\0', StringComparison.Ordinal)) return $"the name of the field '{field.Replace("\0", "\\0", StringComparison.Ordinal)}' holds NUL, which BSON can't";
        if (!isUpdate) return null;
        if (field.Length == 0) return "a field has an empty name, which MongoDB can't update";
        if (field[0] == '$') return $"the name of the field '{field}' begins with a dollar sign, which MongoDB reads as an operator: take it under another name (columns: with path), or append";
        return field.Contains('.', StringComparison.Ordinal) ? $"the name of the field '{field}' holds a dot, which MongoDB reads as a path: take it under another name (columns: with path), or append" : null;
    }
}
