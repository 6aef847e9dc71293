namespace Tidemark.Simulators.Hosting;

/// <summary>The way of every API call: counted, described, spoiled when a fault is due, answered.</summary>
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

        if (state.Faults.Take() is { } fault)
            await _actions.StrikeAsync(fault, context, call, next);
        else
            await AnswerAsync(context, call, next);
    }

    private Task AnswerAsync(HttpContext context, SimulatedCall call, RequestDelegate next)
    {
        state.LastCalls.Remember(context, call);
        return next(context);
    }
}
