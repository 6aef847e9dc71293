using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Tidemark.EndToEnd.Guarantees;

/// <summary>A record of the API.</summary>
/// <param name="Id">Its key.</param>
/// <param name="At">Its cursor value: milliseconds since 1970, or a number of a sequence; null: none.</param>
/// <param name="Version">What changes with each update.</param>
internal sealed record Item(int Id, long? At, int Version);

/// <summary>
/// A small API on 127.0.0.1 whose records change between two calls exactly as a test says. It pages by keyset (<c>/keyset</c>), by number (<c>/page</c>) and by offset
/// (<c>/offset</c>), ordered by cursor (<c>order=asc|desc</c>) or by id. Its clock is its own, lies a month back, and moves a second with each call and change.
/// </summary>
internal sealed class ChangingApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, Item> _items = [];
    private readonly Dictionary<int, Action> _before = [];
    private readonly List<string> _seen = [];
    private DateTimeOffset _clock = TimeProvider.System.GetUtcNow().AddDays(-30);
    private long _sequence;

    private ChangingApi(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.First());

    /// <summary>Calls so far, each as path and query.</summary>
    public IReadOnlyList<string> Seen => _seen;

    /// <summary>True if cursor values are numbers of a sequence.</summary>
    public bool Numbers { get; init; }

    /// <summary>True to refuse any page after a cursor with 410, as if it had expired.</summary>
    public bool CursorsExpired { get; set; }

    /// <summary>How far the clock of the Date header is ahead of the one that stamps records.</summary>
    public TimeSpan DateAhead { get; set; }

    public IReadOnlyCollection<Item> Items => [.. _items.Values];

    public DateTimeOffset Clock => _clock;

    public static async Task<ChangingApi> StartAsync(int records, bool numbers = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var api = new ChangingApi(app) { Numbers = numbers };
        app.Run(api.AnswerAsync);
        await app.StartAsync();
        for (var i = 0; i < records; i++) api.Insert();
        return api;
    }

    /// <summary>Does something just before a call is answered; the first is 1.</summary>
    public ChangingApi Before(int call, Action action)
    {
        _before[_seen.Count + call] = action;
        return this;
    }

    /// <summary>From now on nothing changes between calls.</summary>
    public void Rest() => _before.Clear();

    public int Insert() => Put(_items.Count == 0 ? 1 : _items.Keys.Max() + 1, Now());

    public void Update(int id) => Put(id, Now());

    public void Delete(int id) => _items.Remove(id);

    /// <summary>Writes a record with any cursor value.</summary>
    public int Put(int id, long? at)
    {
        _items[id] = new Item(id, at, _items.TryGetValue(id, out var before) ? before.Version + 1 : 1);
        return id;
    }

    /// <summary>The next cursor value.</summary>
    public long Now()
    {
        _clock = _clock.AddSeconds(1);
        return Numbers ? ++_sequence : _clock.ToUnixTimeMilliseconds();
    }

    public string Text(long at) => Numbers
        ? at.ToString(CultureInfo.InvariantCulture)
        : DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        string? body;
        lock (_lock)
        {
            _seen.Add(context.Request.Path + context.Request.QueryString);
            if (_before.TryGetValue(_seen.Count, out var action)) action();
            _clock = _clock.AddSeconds(1);
            body = Page(context.Request);
        }
        context.Response.Headers.Date = (_clock + DateAhead).ToString("R", CultureInfo.InvariantCulture);
        context.Response.StatusCode = body is null ? 410 : 200;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body ?? "{}");
    }

    private string? Page(HttpRequest request)
    {
        string Asked(string name) => request.Query[name].ToString();
        var size = Asked("limit") is { Length: > 0 } limit ? int.Parse(limit, CultureInfo.InvariantCulture) : int.MaxValue;
        var all = Ordered(Asked("order"));
        if (Asked("since") is { Length: > 0 } since) all = [.. all.Where(i => i.At >= DateTimeOffset.Parse(since, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds())];
        if (Asked("owner") is { Length: > 0 } owner) all = [.. all.Where(i => string.Equals(i.Id.ToString(CultureInfo.InvariantCulture), owner, StringComparison.Ordinal))];
        if (CursorsExpired && Asked("after").Length > 0) return null;
        var start = request.Path.Value switch
        {
            "/page" => (int.Parse(Asked("page"), CultureInfo.InvariantCulture) - 1) * size,
            "/offset" => int.Parse(Asked("offset"), CultureInfo.InvariantCulture),
            _ => Asked("after") is { Length: > 0 } after ? After(all, Asked("order"), after) : 0,
        };
        var page = all.Skip(start).Take(size).ToList();
        var next = start + page.Count < all.Count && page.Count > 0 ? $"\"{page[^1].At}:{page[^1].Id}\"" : "null";
        return $"{{\"items\":[{string.Join(',', page.Select(Json))}],\"next\":{next}}}";
    }

    private List<Item> Ordered(string order) => order switch
    {
        "asc" => [.. _items.Values.OrderBy(i => i.At ?? long.MaxValue).ThenBy(i => i.Id)],
        "desc" => [.. _items.Values.OrderByDescending(i => i.At ?? long.MinValue).ThenByDescending(i => i.Id)],
        _ => [.. _items.Values],
    };

    private static int After(List<Item> all, string order, string after)
    {
        var parts = after.Split(':');
        var (at, id) = (parts[0].Length == 0 ? (long?)null : long.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
        return order switch
        {
            "asc" => all.Count(i => ((i.At ?? long.MaxValue), i.Id).CompareTo((at ?? long.MaxValue, id)) <= 0),
            "desc" => all.Count(i => ((i.At ?? long.MinValue), i.Id).CompareTo((at ?? long.MinValue, id)) >= 0),
            _ => all.Count(i => i.Id <= id),
        };
    }

    private string Json(Item item)
    {
        var at = item.At is { } value ? Numbers ? Text(value) : $"\"{Text(value)}\"" : "null";
        return $"{{\"id\":{item.Id},\"at\":{at},\"version\":{item.Version}}}";
    }
}
