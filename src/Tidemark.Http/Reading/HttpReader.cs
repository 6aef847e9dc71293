using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Tidemark.Http.Authentication;
using Tidemark.Http.Calls;
using Tidemark.Http.Paging;
using Tidemark.Http.Wire;
using Tidemark.Records;
using Tidemark.Sources;
using Tidemark.Telemetry;

namespace Tidemark.Http.Reading;

/// <summary>The live source: a call for each page, and between two calls nothing but pure decisions.</summary>
internal sealed class HttpReader : ISource
{
    private readonly Func<StreamRequest, HttpStreamRequest> _own;
    private readonly Uri _url;
    private readonly HttpExchange _exchange;
    private readonly Credential? _credential;
    private readonly Caller _caller;
    private readonly HashSet<string> _origins;
    private readonly RetryDefinition _retry;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, CostFit> _fits = new(StringComparer.Ordinal);

    public HttpReader(HttpReaderOptions options, SourceServices services)
    {
        _own = options.Own;
        _url = SourceUrl.WithoutUser(options.Url);
        _exchange = new HttpExchange(new QuotaPassage(services.Quota, options.Cost, options.Calls.Timeout, services.Time), _url, options.Calls.Timeout, services);
        _credential = (options.Authenticator ?? SourceUrl.UserOf(options.Url))?.Open(_exchange, services.Time);
        _retry = options.Calls.Retry;
        _time = services.Time;
        _origins = [Origin.Of(_url), .. options.AllowedOrigins.Select(Origin.Of)];
        _caller = new Caller(new Transport(_exchange, _url, options.Headers, _credential), _credential, options.Calls, services);
    }

    public async IAsyncEnumerable<Page> ReadAsync(ReadRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var asked = _own(request.Request);
        var atStart = string.IsNullOrEmpty(request.ResumeFrom);
        var reading = new Reading(asked, fromStart: atStart && request.Pages is null or { First: 0 }, Allowed, request.Warn, request.Pages);
        var owner = new CallOwner(request.Stream, request.Counters, request.Priority) { Cost = asked.Cost };
        var fit = _fits.GetOrAdd(request.Stream, static (_, own) => new CostFit(own.LowerableSize), asked);
        PageRequest? next = Allowed(atStart && request.Pages is { } part ? asked.Paginator.Enter(part) : First(asked.Paginator, request.ResumeFrom));
        var doubts = 0;
        while (next is not null)
        {
            var sent = next;
            var call = new PageCall
            {
                Owner = owner,
                Build = size => asked.Build(_url, request.Values, Sized(asked, sent, size)),
                Fit = fit,
                Reader = asked.Reader(),
                Resumed = reading.Answers == 0 && !string.IsNullOrEmpty(request.ResumeFrom),
            };
            var answer = await _caller.CallAsync(call, cancellationToken).ConfigureAwait(false);
            if (fit.News() is { } lowered) request.Warn(lowered);
            var page = PageOf(reading, sent, answer, out next, out var doubt);
            if (doubt is not null) await DoubtAsync(doubt, ++doubts, request.Counters, cancellationToken).ConfigureAwait(false);
            if (page is null) continue;
            doubts = 0;
            request.Counters.Add(Counter.Pages);
            request.Counters.Add(Counter.Bytes, page.ByteCount);
            yield return page;
            if (page.CutShort) yield break;
        }
    }

    public ValueTask DisposeAsync()
    {
        _credential?.Dispose();
        _exchange.Dispose();
        return ValueTask.CompletedTask;
    }

    private static PageRequest Sized(HttpStreamRequest asked, PageRequest page, int? size) =>
        size is { } count && asked.Paginator.FreeSizeParam is { } name ? page.With(PageParam.Of(name, count)) : page;

    private static PageRequest First(Paginator paginator, string? position)
    {
        try
        {
            return paginator.First(position);
        }
        catch (FormatException e)
        {
            throw new SourceException($"the position to go on from does not fit the paginator: {e.Message}", e) { PositionRefused = true };
        }
    }

    // As after a failed call: what is empty now may not be in a while.
    private async Task DoubtAsync(string doubt, int times, StreamCounters counters, CancellationToken cancellationToken)
    {
        if (times >= _retry.Attempts) throw new SourceException(times > 1 ? $"{doubt} (asked {times} times)" : doubt) { IsTemporary = true };
        counters.Add(Counter.Retries);
        var wait = _retry.Delay * Math.Pow(2, times - 1);
        await Task.Delay(wait < _retry.MaxDelay ? wait : _retry.MaxDelay, _time, cancellationToken).ConfigureAwait(false);
    }

    // Null: the page is read again, as it does not fit to the one before, or can't be the last one.
    private static Page? PageOf(Reading reading, PageRequest sent, PageAnswer answer, out PageRequest? next, out string? doubt)
    {
        try
        {
            var decision = reading.Decide(sent, answer);
            (next, doubt) = (decision.Next, decision.Doubt);
            if (decision.Again)
            {
                answer.Raw.Dispose();
                return null;
            }
            return new Page(answer.Raw.Body, decision.Skip == 0 && decision.Take == answer.Records.Count ? answer.Records : answer.Records[Math.Min(decision.Skip, decision.Take)..decision.Take])
            {
                Position = sent.Position,
                NextPosition = next?.Position,
                CutShort = decision.CutShort,
                Total = decision.Total,
                ServerTime = answer.Raw.Date,
            };
        }
        catch
        {
            answer.Raw.Dispose();
            throw;
        }
    }

    // A position is stored: no key of ours stays in a link, it is added again when the link is followed.
    private PageRequest Allowed(PageRequest next)
    {
        if (next.Url is not { } url) return next;
        if (!_origins.Contains(Origin.Of(url)))
        {
            throw new SourceException($"the link to the next page leads to {Origin.Of(url)}, another origin than the source's {Origin.Of(_url)}; "
                + "if this is right, list it in allowed_origins of the source (credentials are not sent there)");
        }
        if (_credential?.QueryParam is { } param) url = QueryCredential.Without(url, param);
        return ReferenceEquals(url, next.Url) ? next : next with { Position = url.AbsoluteUri, Url = url };
    }
}
