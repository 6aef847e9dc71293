using Polly;
using Polly.Retry;
using Tidemark.Definitions;
using Tidemark.Http.Authentication;
using Tidemark.Http.Wire;
using Tidemark.Quotas;
using Tidemark.Records;
using Tidemark.Sources;
using Tidemark.Telemetry;

namespace Tidemark.Http.Calls;

/// <summary>Makes calls until there is a page or no hope of one. One for each source; streams use it at the same time.</summary>
internal sealed partial class Caller
{
    /// <summary>Where the source has no quota: a server that wants a longer wait than this parks the run.</summary>
    private static readonly TimeSpan DefaultParkAfter = TimeSpan.FromMinutes(5);

    private readonly Transport _transport;
    private readonly Credential? _credential;
    private readonly CallOptions _options;
    private readonly TimeProvider _time;
    private readonly TimeSpan _parkAfter;
    private readonly ResiliencePipeline<Attempt> _pipeline;

    public Caller(Transport transport, Credential? credential, CallOptions options, SourceServices services)
    {
        _transport = transport;
        _credential = credential;
        _options = options;
        _time = services.Time;
        _parkAfter = services.Quota?.ParkAfter ?? DefaultParkAfter;
        _pipeline = Retrying(options.Retry, services);
    }

    /// <summary>Makes a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Ends a call or a wait.</param>
    /// <exception cref="SourceException">There is no page.</exception>
    /// <exception cref="ParkedException">The server, or the quota, wants a long wait.</exception>
    public async Task<PageAnswer> CallAsync(PageCall call, CancellationToken cancellationToken)
    {
        using var state = new CallState(call, _time);
        var attempt = await _pipeline.ExecuteAsync(static (s, ct) => s.Self.AttemptAsync(s.State, ct), (Self: this, State: state), cancellationToken).ConfigureAwait(false);
        if (attempt.Page is { } page) return page;
        var (failure, sent) = (attempt.Failure!, state.Outgoing);
        var text = FailureText.Of(failure, sent.Method, SafeText.Url(sent.Url, Secrets(sent)), sent.Url.AbsolutePath, state.Sent, _credential?.Name);
        throw new SourceException(text, failure.Cause) { PositionRefused = call.Resumed && failure.MayBePosition, IsTemporary = failure.Retry };
    }

    private ResiliencePipeline<Attempt> Retrying(RetryDefinition retry, SourceServices services)
    {
        if (retry.Attempts <= 1) return ResiliencePipeline<Attempt>.Empty;
        return new ResiliencePipelineBuilder<Attempt> { TimeProvider = services.Time }
            .AddRetry(new RetryStrategyOptions<Attempt>
            {
                MaxRetryAttempts = retry.Attempts - 1,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = retry.Delay,
                MaxDelay = retry.MaxDelay,
                Randomizer = () => NextDouble(services.Random),
                ShouldHandle = static args => ValueTask.FromResult(args.Outcome.Result?.Failure is { Retry: true }),
                // The server's word wins over ours, and over max_delay. A quota that has heard it lets the call wait when it is sent again.
                DelayGenerator = static args => ValueTask.FromResult(args.Outcome.Result?.Failure switch
                {
                    { QuotaWaits: true } => TimeSpan.Zero,
                    { RetryAfter: { Ticks: > 0 } wait } => wait,
                    _ => (TimeSpan?)null,
                }),
                OnRetry = args =>
                {
                    var attempt = args.Outcome.Result!;
                    var failure = attempt.Failure!;
                    attempt.State.Counters.Add(Counter.Retries);
                    if (failure is { RateLimited: true } or { RetryAfter: not null }) attempt.State.BeginWait();
                    var sent = attempt.State.Outgoing;
                    LogRetry(services.Log, sent.Method, SafeText.Url(sent.Url, Secrets(sent)), failure.What, failure is { QuotaWaits: true, RetryAfter: { } wait } ? wait : args.RetryDelay);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    // Random is not made for several threads, and streams share it.
    private static double NextDouble(Random random)
    {
        lock (random) return random.NextDouble();
    }

    private async ValueTask<Attempt> AttemptAsync(CallState state, CancellationToken cancellationToken)
    {
        state.EndWait();
        while (true)
        {
            state.Prepare();
            RawAnswer answer;
            try
            {
                answer = await _transport.SendAsync(state.Outgoing, state.Owner, Secrets(state.Outgoing), cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                return new Attempt(state, null, FailureText.TimedOut(_options.Timeout));
            }
            catch (TokenUnavailableException e)
            {
                return new Attempt(state, null, Parked(new Failure("was not sent: " + e.Message)
                {
                    Status = e.Status, Retry = true, RateLimited = e.Status == 429, RetryAfter = e.Wait, QuotaWaits = e.QuotaWaits, Cause = e,
                }, state.Outgoing));
            }
            catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException)
            {
                return new Attempt(state, null, FailureText.Broken(e, state.Outgoing.Url));
            }
            if (Judge(answer, state) is { } attempt) return attempt;
        }
    }

    // Null: something was changed that makes the call worth another try at once: the token was refused and forgotten, or it asks for less.
    private Attempt? Judge(RawAnswer answer, CallState state)
    {
        List<RecordSlice> records = [];
        if (answer.Price is { } cost) state.Call.Fit.Learn(cost);
        var verdict = Verdict.Of(_options.Rules, answer, state.Call.Reader, records);
        // An ignored refusal of a stored position is no end: what follows that position would be lost.
        if (verdict.Ends && state.Call.Resumed && Verdict.RefusesPosition(answer.Status))
            verdict = new Verdict(new Failure($"answered {answer.Status} to the position to go on from") { Status = answer.Status, MayBePosition = true }, Ends: false);
        if (verdict.Failure is not { } failure) return new Attempt(state, new PageAnswer(answer, records, verdict.Ends), null);
        using (answer)
        {
            if (RefreshesToken(failure, answer, state) || (failure.RateLimited && AsksForLess(answer, state)))
            {
                state.Counters.Add(Counter.Retries);
                return null;
            }
            if (failure.Excerpt.Length == 0) failure = failure with { Excerpt = SafeText.Excerpt(answer.Body.Written, Secrets(state.Outgoing)) };
            else failure = failure with { Excerpt = SafeText.Hide(failure.Excerpt, Secrets(state.Outgoing)) };
            return new Attempt(state, null, Parked(failure, state.Outgoing));
        }
    }

    private bool RefreshesToken(Failure failure, RawAnswer answer, CallState state)
    {
        if (!failure.RefreshToken || state.Refreshed || _credential?.Refresh(answer.CredentialVersion) != true) return false;
        return state.Refreshed = true;
    }

    // Worth a try where waiting never helps, and where it did not help: there was less than needed again, as where others spend what comes back.
    private static bool AsksForLess(RawAnswer answer, CallState state) =>
        answer.Price is { Throttled: true } cost && (cost.NeverFits || state.Refusals++ > 0) && state.Call.Fit.TryLower(cost, state.PageSize);

    private Failure Parked(Failure failure, OutgoingCall call)
    {
        if (!failure.Retry || failure.RetryAfter is not { } wait || wait <= _parkAfter) return failure;
        var until = _time.GetUtcNow() + wait;
        throw new ParkedException($"{call.Method} {SafeText.Url(call.Url, Secrets(call))} {failure.What} and asks to wait {Durations.Format(wait)}", until);
    }

    private List<string> Secrets(OutgoingCall call)
    {
        List<string> secrets = [.. _credential?.Secrets ?? [], .. _options.Secrets, .. SafeText.SecretsIn(call.Url)];
        secrets.AddRange(call.Headers.Where(h => SafeText.IsSecretName(h.Key)).Select(h => h.Value));
        return secrets;
    }

    private sealed record Attempt(CallState State, PageAnswer? Page, Failure? Failure);

    private sealed class CallState(PageCall call, TimeProvider time) : IDisposable
    {
        private WaitScope? _wait;

        public PageCall Call => call;

        public StreamCounters Counters => call.Owner.Counters;

        /// <summary>What is sent now.</summary>
        public OutgoingCall Outgoing { get; private set; } = null!;

        /// <summary>For whom, and what it costs by now.</summary>
        public CallOwner Owner { get; private set; } = call.Owner;

        /// <summary>The page size that it asks for, where that may change.</summary>
        public int? PageSize { get; private set; }

        public int Sent { get; private set; }

        public bool Refreshed { get; set; }

        /// <summary>How often it was refused for a cost that waiting should have helped.</summary>
        public int Refusals { get; set; }

        /// <summary>The wait for another attempt begins, as the server limits the calls.</summary>
        public void BeginWait()
        {
            _wait = new WaitScope(Counters, time);
            _wait.Begin();
        }

        public void EndWait() => _wait?.Dispose();

        public void Dispose() => EndWait();

        public void Prepare()
        {
            Sent++;
            var (size, cost) = call.Fit.Now;
            PageSize = size;
            Outgoing = call.Build(size);
            Owner = call.Owner with { Cost = cost ?? call.Owner.Cost };
        }
    }
}
