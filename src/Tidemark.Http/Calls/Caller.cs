using Polly;
using Polly.Retry;
using Tidemark.Definitions;
using Tidemark.Http.Authentication;
using Tidemark.Http.Wire;
using Tidemark.Records;
using Tidemark.Sources;
using Tidemark.Telemetry;

namespace Tidemark.Http.Calls;

/// <summary>Makes calls until there is a page or no hope of one. One for each source; streams use it at the same time.</summary>
internal sealed partial class Caller
{
    /// <summary>A server that wants a longer wait than this parks the run.</summary>
    public static readonly TimeSpan ParkAfter = TimeSpan.FromMinutes(5);

    private readonly Transport _transport;
    private readonly Credential? _credential;
    private readonly CallOptions _options;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<Attempt> _pipeline;

    public Caller(Transport transport, Credential? credential, CallOptions options, SourceServices services)
    {
        _transport = transport;
        _credential = credential;
        _options = options;
        _time = services.Time;
        _pipeline = Retrying(options.Retry, services);
    }

    /// <summary>Makes a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="reader">Reads the body.</param>
    /// <param name="counters">Where it is counted.</param>
    /// <param name="resumed">True if it begins at a position of an earlier reading.</param>
    /// <param name="cancellationToken">Ends a call or a wait.</param>
    /// <exception cref="SourceException">There is no page.</exception>
    /// <exception cref="ParkedException">The server wants a long wait.</exception>
    public async Task<PageAnswer> CallAsync(OutgoingCall call, IAnswerReader reader, StreamCounters counters, bool resumed, CancellationToken cancellationToken)
    {
        var state = new CallState(call, reader, counters, resumed);
        var attempt = await _pipeline.ExecuteAsync(static (s, ct) => s.Self.AttemptAsync(s.State, ct), (Self: this, State: state), cancellationToken).ConfigureAwait(false);
        if (attempt.Page is { } page) return page;
        var failure = attempt.Failure!;
        var text = FailureText.Of(failure, call.Method, SafeText.Url(call.Url, Secrets(call)), call.Url.AbsolutePath, state.Sent, _credential?.Name);
        throw new SourceException(text, failure.Cause) { PositionRefused = resumed && failure.MayBePosition, IsTemporary = failure.Retry };
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
                // The server's word wins over ours, and over max_delay.
                DelayGenerator = static args => ValueTask.FromResult(args.Outcome.Result?.Failure?.RetryAfter is { Ticks: > 0 } wait ? wait : (TimeSpan?)null),
                OnRetry = args =>
                {
                    var attempt = args.Outcome.Result!;
                    attempt.State.Counters.Add(Counter.Retries);
                    if (attempt.Failure is { RateLimited: true } or { RetryAfter: not null })
                        attempt.State.Counters.Add(Counter.ThrottledMs, (long)args.RetryDelay.TotalMilliseconds);
                    var call = attempt.State.Call;
                    LogRetry(services.Log, call.Method, SafeText.Url(call.Url, Secrets(call)), attempt.Failure!.What, args.RetryDelay);
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
        while (true)
        {
            state.Sent++;
            using var timeout = new CancellationTokenSource(_options.Timeout, _time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
            RawAnswer answer;
            try
            {
                answer = await _transport.SendAsync(state.Call, state.Counters, Secrets(state.Call), both.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return new Attempt(state, null, FailureText.TimedOut(_options.Timeout));
            }
            catch (TokenUnavailableException e)
            {
                return new Attempt(state, null, Parked(new Failure("was not sent: " + e.Message)
                {
                    Status = e.Status, Retry = true, RateLimited = e.Status == 429, RetryAfter = RetryAfterHeader.Read(e.RetryAfter, e.Date, _time.GetUtcNow()), Cause = e,
                }, state.Call));
            }
            catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException)
            {
                return new Attempt(state, null, FailureText.Broken(e, state.Call.Url));
            }
            if (Judge(answer, state) is { } attempt) return attempt;
        }
    }

    // Null: the token was refused and forgotten, so the call is worth another try at once.
    private Attempt? Judge(RawAnswer answer, CallState state)
    {
        List<RecordSlice> records = [];
        var verdict = Verdict.Of(_options.Rules, answer, RetryAfterHeader.Read(answer.RetryAfter, answer.Date, _time.GetUtcNow()), state.Reader, records);
        // An ignored refusal of a stored position is no end: what follows that position would be lost.
        if (verdict.Ends && state.Resumed && Verdict.RefusesPosition(answer.Status))
            verdict = new Verdict(new Failure($"answered {answer.Status} to the position to go on from") { Status = answer.Status, MayBePosition = true }, Ends: false);
        if (verdict.Failure is not { } failure) return new Attempt(state, new PageAnswer(answer, records, verdict.Ends), null);
        using (answer)
        {
            if (failure.RefreshToken && !state.Refreshed && _credential?.Refresh(answer.CredentialVersion) == true)
            {
                state.Refreshed = true;
                state.Counters.Add(Counter.Retries);
                return null;
            }
            if (failure.Excerpt.Length == 0) failure = failure with { Excerpt = SafeText.Excerpt(answer.Body.Written, Secrets(state.Call)) };
            else failure = failure with { Excerpt = SafeText.Hide(failure.Excerpt, Secrets(state.Call)) };
            return new Attempt(state, null, Parked(failure, state.Call));
        }
    }

    private Failure Parked(Failure failure, OutgoingCall call)
    {
        if (!failure.Retry || failure.RetryAfter is not { } wait || wait <= ParkAfter) return failure;
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

    private sealed class CallState(OutgoingCall call, IAnswerReader reader, StreamCounters counters, bool resumed)
    {
        public OutgoingCall Call => call;

        public IAnswerReader Reader => reader;

        public StreamCounters Counters => counters;

        public bool Resumed => resumed;

        public int Sent { get; set; }

        public bool Refreshed { get; set; }
    }
}
