using System.Globalization;
using Tidemark.Simulators.Faults;

namespace Tidemark.Simulators.Hosting;

/// <summary>Spoils a call.</summary>
internal sealed class FaultActions(SimulatorState state)
{
    public async Task StrikeAsync(PlannedFault fault, HttpContext context, SimulatedCall call, RequestDelegate next)
    {
        if (fault.RetryAfter is not null)
            context.Response.Headers.RetryAfter = fault.RetryAfter;

        switch (fault.Kind)
        {
            case FaultKind.Cut:
                context.Abort();
                return;
            case FaultKind.Status:
                await Answers.ErrorAsync(context, fault.Status ?? 500, StatusMessage(fault.Status ?? 500));
                return;
            case FaultKind.Html:
                await SendAsync(context, fault.Status ?? 200, "text/html; charset=utf-8",
                    "<!DOCTYPE html><html><head><title>Maintenance</title></head><body><h1>Nous revenons bientôt</h1></body></html>");
                return;
            case FaultKind.Garbage:
                await SendAsync(context, fault.Status ?? 200, "application/json; charset=utf-8", "{\"data\": [oops, {\"id\": ");
                return;
            case FaultKind.GraphQl:
                await SendAsync(context, fault.Status ?? 200, "application/json; charset=utf-8",
                    """{"data":null,"errors":[{"message":"Something went wrong","extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}""");
                return;
            case FaultKind.Redirect:
                context.Response.StatusCode = fault.Status ?? StatusCodes.Status302Found;
                context.Response.Headers.Location = fault.To;
                return;
            case FaultKind.Truncate:
                state.LastCalls.Remember(context, call);
                await TruncateAsync(context, next);
                return;
            default:
                await PrepareAsync(fault, context, call);
                await next(context);
                return;
        }
    }

    /// <summary>The faults after which the call is answered all the same.</summary>
    private async Task PrepareAsync(PlannedFault fault, HttpContext context, SimulatedCall call)
    {
        if (fault.Kind == FaultKind.Repeat)
            state.LastCalls.Repeat(context, call);
        else
            state.LastCalls.Remember(context, call);

        if (fault.Kind == FaultKind.Slow)
            await Task.Delay(fault.Delay, state.Time, context.RequestAborted);
        else if (fault.Kind == FaultKind.Mutate)
            call.Kinds.ToList().ForEach(state.Simulator.Mutate);
        else if (fault.Kind == FaultKind.Grow)
            call.Kinds.ToList().ForEach(state.Simulator.Grow);
        else
            call.PageFault = fault.Kind switch
            {
                FaultKind.Empty => PageFault.Empty,
                FaultKind.NullCursor => PageFault.NullCursor,
                FaultKind.ExpireCursor => PageFault.ExpiredCursor,
                _ => PageFault.None,
            };
    }

    private static async Task TruncateAsync(HttpContext context, RequestDelegate next)
    {
        var wire = context.Response.Body;
        using var whole = new MemoryStream();
        context.Response.Body = whole;
        await next(context);
        context.Response.Body = wire;

        context.Response.ContentLength = whole.Length + 1;
        await wire.WriteAsync(whole.GetBuffer().AsMemory(0, (int)whole.Length / 2), context.RequestAborted);
        await wire.FlushAsync(context.RequestAborted);
        context.Abort();
    }

    private static Task SendAsync(HttpContext context, int status, string contentType, string body)
    {
        context.Response.StatusCode = status;
        return Answers.BytesAsync(context, System.Text.Encoding.UTF8.GetBytes(body), contentType);
    }

    private static string StatusMessage(int status) => status switch
    {
        429 => "Too many requests",
        503 => "Service unavailable",
        >= 500 => "Internal error",
        _ => "Refused with " + status.ToString(CultureInfo.InvariantCulture),
    };
}
