using Tidemark.Records;
using Tidemark.Validation;

namespace Tidemark.Pushing;

/// <summary>
/// Puts the records of posts into the batches of their tables, and collects what they ask of the database: pure, but for memory that it uses again. Owned by one task.
/// </summary>
internal sealed class PostSorter : IDisposable
{
    private readonly PushTarget _target;
    private readonly RequestFields _request;
    private readonly PushedFields _record;
    private readonly RecordValidator _validator;
    private readonly KnownFields[] _known;
    private readonly PooledBuffer _copied = new(1024);
    private readonly int[] _tuples;

    /// <param name="target">Where posts go.</param>
    /// <param name="fieldsOf">The fields of the table of each route.</param>
    public PostSorter(PushTarget target, Func<int, IEnumerable<string>> fieldsOf)
    {
        _target = target;
        _request = new RequestFields(target);
        _record = new PushedFields(target);
        _validator = new RecordValidator(target.Rules);
        _known = [.. target.Routes.Select((_, i) => new KnownFields(fieldsOf(i)))];
        _tuples = new int[target.References.Count];
    }

    public GatheredPosts Sort(IReadOnlyList<WaitingPost> waiting)
    {
        var posts = waiting.Select(w => new GatheredPost(w)).ToArray();
        var routes = _target.Routes.Select((r, i) => new RoutedRecords(r.Target.Schema, _known[i], _tuples.Length)).ToArray();
        var asked = _target.References.Select(r => new AskedTuples(r)).ToArray();
        for (var i = 0; i < posts.Length; i++)
        {
            var post = waiting[i].Post;
            posts[i].Problem = FindReferences(post, posts[i], asked);
            if (posts[i].Problem is not null) continue;
            var suffix = _request.Suffix();
            for (var index = 0; index < post.Count; index++)
            {
                var record = suffix.Length == 0 ? post.Record(index) : WithSuffix(post.Record(index), suffix);
                if (Add(record, new RecordOrigin(i, index), routes, asked) is { } rejected) posts[i].Rejected.Add(rejected);
            }
        }
        return new GatheredPosts(posts, routes, asked);
    }

    /// <summary>Says that what a record refers to is not there.</summary>
    public RejectedRecord Unknown(RoutedRecords records, int row, int rule, int route)
    {
        var record = records.Batch.Payload(row);
        _record.Read(record);
        return new RejectedRecord(records.OriginOf(row).Index, _record.KeyText(record, route), RejectionCode.UnknownReference, MessageOf(record, _target.References[rule]));
    }

    /// <summary>Says that the database refuses a record.</summary>
    public RejectedRecord Refused(RoutedRecords records, int row, int route, string reason)
    {
        var record = records.Batch.Payload(row);
        _record.Read(record);
        return new RejectedRecord(records.OriginOf(row).Index, _record.KeyText(record, route), RejectionCode.Refused, reason);
    }

    public void Dispose() => _copied.Dispose();

    private string? FindReferences(Post post, GatheredPost gathered, AskedTuples[] asked)
    {
        if (_request.Read(post.Request) is { } wrong) return wrong;
        try
        {
            for (var rule = 0; rule < _target.References.Count; rule++)
            {
                var reference = _target.References[rule];
                if (FilterMisfit(reference) is { } misfit) return misfit;
                if (reference.Scope == ReferenceScope.Record) continue;
                var value = _request.Of(reference.Value);
                if (!value.IsScalar) return $"found {value.Describe()} in '{reference.Value}' of the request; expected a text, a number or a boolean";
                gathered.References.Add((rule, asked[rule].NumberOf(Tuple(reference, value.ToScalar(), default)), MessageOf(default, reference)));
            }
            return null;
        }
        catch (InvalidOperationException e)
        {
            return $"a text in the request can't be read: {e.Message}";
        }
    }

    private string? FilterMisfit(ReferenceRule reference)
    {
        foreach (var filter in reference.Where)
        {
            if (filter.RequestField is not { } name) continue;
            var value = _request.Of(name);
            if (!value.IsScalar) return $"found {value.Describe()} in '{name}' of the request; expected a text, a number or a boolean";
        }
        return null;
    }

    private RejectedRecord? Add(ReadOnlySpan<byte> record, RecordOrigin origin, RoutedRecords[] routes, AskedTuples[] asked)
    {
        RejectedRecord Rejected(ReadOnlySpan<byte> record, int route, string code, string message) => new(origin.Index, _record.KeyText(record, route), code, message);
        // What is no record says so when it is added.
        if (!_record.Read(record)) return new RejectedRecord(origin.Index, null, RejectionCode.Invalid, routes[0].Add(record, origin, _tuples) ?? "the record can't be read");
        try
        {
            var route = _record.RouteOf(record);
            if (route < 0) return Rejected(record, route, RejectionCode.NoTable, $"found none of the fields '{string.Join("', '", _target.Routes.Select(r => r.When))}', one of which tells the record's table");
            if (_record.MisfitOfKey(record, route) is { } misfit) return Rejected(record, route, RejectionCode.NotScalar, misfit);
            if (AskReferences(record, asked) is { } wrong) return Rejected(record, route, RejectionCode.NotScalar, wrong);
            if (_validator.Judge(record) is { } broken) return Rejected(record, route, RejectionCode.Rule, broken.Reason);
            return routes[route].Add(record, origin, _tuples) is { } invalid ? Rejected(record, route, RejectionCode.Invalid, invalid) : null;
        }
        catch (InvalidOperationException e)
        {
            // The reader's word for escapes that are no character, such as a lone surrogate.
            return Rejected(record, -1, RejectionCode.Invalid, $"a text in the record can't be read: {e.Message}");
        }
    }

    private string? AskReferences(ReadOnlySpan<byte> record, AskedTuples[] asked)
    {
        Array.Fill(_tuples, -1);
        for (var rule = 0; rule < _tuples.Length; rule++)
        {
            var reference = _target.References[rule];
            if (reference.Scope == ReferenceScope.Request) continue;
            var value = _record.Of(record, reference.Value);
            if (value.IsNothing) continue;
            if (!value.IsScalar) return $"found {value.Describe()} in '{reference.Value}'; expected a text, a number or a boolean";
            foreach (var filter in reference.Where.Where(f => f.RecordField is not null))
            {
                var other = _record.Of(record, filter.RecordField!);
                if (!other.IsScalar) return $"found {other.Describe()} in '{filter.RecordField}'; expected a text, a number or a boolean";
            }
            _tuples[rule] = asked[rule].NumberOf(Tuple(reference, value.ToScalar(), record));
        }
        return null;
    }

    private ScalarValue[] Tuple(ReferenceRule reference, ScalarValue value, ReadOnlySpan<byte> record)
    {
        var tuple = new ScalarValue[reference.Where.Count + 1];
        tuple[0] = value;
        for (var i = 0; i < reference.Where.Count; i++)
        {
            var filter = reference.Where[i];
            tuple[i + 1] = filter.Constant ?? (filter.RequestField is { } name ? _request.Of(name) : _record.Of(record, filter.RecordField!)).ToScalar();
        }
        return tuple;
    }

    private string MessageOf(ReadOnlySpan<byte> record, ReferenceRule reference)
    {
        if (reference.Message is not { } message)
            return $"found no row of '{reference.Table}' with {string.Join(" and ", new[] { reference.Match }.Concat(reference.Where.Select(w => w.Column)))} as '{reference.Value}' asks for";
        var values = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var name in MessageText.FieldsOf(message))
        {
            var own = record.IsEmpty ? default : _record.Of(record, name);
            var value = own.IsScalar ? own : _request.Of(name);
            values[name] = value.IsScalar ? value.ToScalar().Text : null;
        }
        return MessageText.Of(message, name => values.GetValueOrDefault(name));
    }

    // A record that is no object stays none.
    private ReadOnlySpan<byte> WithSuffix(ReadOnlySpan<byte> record, byte[] suffix)
    {
        record = record.TrimEnd(" \t\r\n"u8);
        if (record is not [.., (byte)'}']) return record;
        var body = record[..^1].TrimEnd(" \t\r\n"u8);
        _copied.Truncate(0);
        _copied.Write(body);
        if (body is not [.., (byte)'{']) _copied.Write(","u8);
        _copied.Write(suffix);
        return _copied.Written;
    }
}
