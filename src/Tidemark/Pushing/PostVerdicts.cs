using Tidemark.Destinations;
using Tidemark.Failures;

namespace Tidemark.Pushing;

/// <summary>
/// What becomes of gathered posts in one attempt: which are not written at all, which of their records are left out, and in the end the answer of each. Pure; made anew for each
/// attempt.
/// </summary>
internal sealed class PostVerdicts
{
    private readonly GatheredPosts _gathered;
    private readonly PostSorter _sorter;
    private readonly PostAnswer?[] _early;
    private readonly List<RejectedRecord>[] _rejected;
    private readonly int[,] _counts;
    private readonly Dictionary<int, IReadOnlyList<bool>> _found = [];

    /// <param name="gathered">The posts.</param>
    /// <param name="sorter">Says why records are left out.</param>
    /// <param name="keys">What is known of their keys.</param>
    /// <param name="references">What was found.</param>
    public PostVerdicts(GatheredPosts gathered, PostSorter sorter, IReadOnlyList<KeyState> keys, IReadOnlyList<IReadOnlyList<bool>> references)
    {
        (_gathered, _sorter) = (gathered, sorter);
        var posts = gathered.Posts;
        _early = [.. posts.Select(p => p.Problem is { } problem ? p.Without(PostStatus.Refused, problem) : null)];
        _rejected = [.. posts.Select(p => p.Rejected.ToList())];
        _counts = new int[posts.Count, Enum.GetValues<RecordOutcome>().Length];
        for (var i = 0; i < gathered.Asked.Count; i++) _found[gathered.Asked[i]] = references[i];
        for (var i = 0; i < posts.Count; i++)
        {
            if (posts[i].References.Find(r => !_found[r.Rule][r.Tuple]) is { Message: { } message }) _early[i] ??= posts[i].Without(PostStatus.Refused, message);
        }
        // A key's word goes first: what was answered is answered so again, whatever is there now.
        for (var i = 0; i < keys.Count; i++)
        {
            var post = posts[gathered.Keyed[i]];
            _early[gathered.Keyed[i]] = keys[i].Status switch
            {
                KeyStatus.Done => post.Without(PostStatus.Replayed) with { Stored = keys[i].Answer },
                KeyStatus.OtherPayload => post.Without(PostStatus.KeyReused, "the key was used for another payload"),
                KeyStatus.InFlight => post.Without(PostStatus.InFlight, "a post with the same key is being written right now"),
                _ => _early[gathered.Keyed[i]],
            };
        }
    }

    /// <summary>The records that are to be written, by table. Where none is left out it is what was sorted.</summary>
    public RoutedRecords[] Remaining() => [.. _gathered.Routes.Select((r, i) => Remaining(r, i))];

    /// <summary>Counts what became of the records of a table.</summary>
    public void Count(RoutedRecords records, int route, SharedHalvingResult result)
    {
        var refused = new HashSet<int>();
        foreach (var (row, reason) in result.Refused)
        {
            refused.Add(row);
            _rejected[records.OriginOf(row).Post].Add(_sorter.Refused(records, row, route, reason));
        }
        for (var row = 0; row < result.Written.Count; row++)
        {
            if (!refused.Contains(row)) _counts[records.OriginOf(row).Post, (int)result.Written[row].Outcome]++;
        }
    }

    /// <summary>The answer of each post.</summary>
    public PostAnswer[] Answers() => [.. Enumerable.Range(0, _early.Length).Select(i => _early[i] ?? AnswerOf(i))];

    private RoutedRecords Remaining(RoutedRecords records, int route)
    {
        var unknown = new Dictionary<int, int>();
        var isWhole = true;
        for (var row = 0; row < records.Batch.Count; row++)
        {
            if (_early[records.OriginOf(row).Post] is not null) isWhole = false;
            else if (UnknownOf(records, row) is { } rule) unknown.Add(row, rule);
        }
        foreach (var (row, rule) in unknown) _rejected[records.OriginOf(row).Post].Add(_sorter.Unknown(records, row, rule, route));
        return isWhole && unknown.Count == 0 ? records : records.Without(row => unknown.ContainsKey(row) || _early[records.OriginOf(row).Post] is not null);
    }

    private int? UnknownOf(RoutedRecords records, int row)
    {
        foreach (var rule in _gathered.Asked)
        {
            if (records.TupleOf(row, rule) is >= 0 and var tuple && !_found[rule][tuple]) return rule;
        }
        return null;
    }

    private PostAnswer AnswerOf(int post)
    {
        int Of(RecordOutcome outcome) => _counts[post, (int)outcome];
        return new PostAnswer(PostStatus.Written)
        {
            Received = _gathered.Posts[post].Waiting.Post.Count,
            Inserted = Of(RecordOutcome.Inserted),
            Updated = Of(RecordOutcome.Updated),
            Unchanged = Of(RecordOutcome.Unchanged) + Of(RecordOutcome.Older),
            Duplicates = Of(RecordOutcome.Duplicate),
            Rejected = [.. _rejected[post].OrderBy(r => r.Index)],
        };
    }
}
