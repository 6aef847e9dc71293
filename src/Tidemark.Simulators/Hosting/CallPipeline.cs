using System.Globalization;

namespace Tidemark.Simulators.Hosting;

/// <summary>
/// The way of every API call: counted, allowed or refused by the quota, described, held back, spoiled when a fault is due,
/// answered. A call that the quota refuses uses up no fault.
/// </summary>
internal sealed class CallPipeline(SimulatorState state)
{
    private readonly FaultActions _actions = new(state);

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path.StartsWithSegments("/_sim", StringComparison.Ordinal))
        {
            await next(context);
            return;
        }

        var path = context.Request.Path.Value ?? "/";
        state.Calls.Arrived(path);
        var call = new SimulatedCall { List = path };
        context.Features.Set(call);
        // Before the answer leaves: a client that has read it and calls again is not two calls at once.
        context.Response.OnStarting(() =>
        {
            End(call);
            return Task.CompletedTask;
        });
        try
        {
            if (IsAllowed(context))
                await ServeAsync(context, call, next);
            else
                await RefuseAsync(context);
        }
        finally
        {
            End(call);
        }
    }

    private bool IsAllowed(HttpContext context)
    {
        if (state.Limiter is not { } limiter)
            return true;

        var (verdict, wait) = limiter.Ask();
        if (!verdict.Allowed)
            state.Calls.Refused();

        var headers = context.Response.Headers;
        headers["X-Rate-Limit-Limit"] = Text(limiter.Limit);
        headers["X-Rate-Limit-Remaining"] = Text(verdict.Remaining);
        // Rounded up: a client that waits until then is not too early.
        headers["X-Rate-Limit-Reset"] = Text((long)Math.Ceiling((state.Time.GetUtcNow() + wait - DateTimeOffset.UnixEpoch).TotalMilliseconds));
        if (!verdict.Allowed && state.TellsWhenToRetry)
            headers.RetryAfter = Text((long)Math.Ceiling(wait.TotalSeconds));
        return verdict.Allowed;
    }

    private async Task RefuseAsync(HttpContext context)
    {
        await HoldBackAsync(context);
        await Answers.ErrorAsync(context, StatusCodes.Status429TooManyRequests, "Rate limit exceeded.");
    }

    private async Task ServeAsync(HttpContext context, SimulatedCall call, RequestDelegate next)
    {
        await state.Simulator.DescribeAsync(context, call);
        if (call.Query is { } query)
            state.Calls.AskedFor(query.RootFields);

        // Counted before the answer leaves: whoever has read a refusal finds it counted.
        context.Response.OnStarting(() =>
        {
            if (call.Throttled || context.Response.StatusCode == StatusCodes.Status429TooManyRequests)
                state.Calls.Refused();
            return Task.CompletedTask;
        });

        var fault = state.Faults.Take();
        await HoldBackAsync(context);
        if (fault is not null)
        {
            await _actions.StrikeAsync(fault, context, call, next);
        }
        else
        {
            state.LastCalls.Remember(context, call);
            await next(context);
        }
    }

    private Task HoldBackAsync(HttpContext context) =>
        state.Delays.Next() is { Ticks: > 0 } delay ? Task.Delay(delay, state.Time, context.RequestAborted) : Task.CompletedTask;

    private void End(SimulatedCall call)
    {
        if (call.Answered)
            return;
        call.Answered = true;
        state.Calls.Answered();
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
