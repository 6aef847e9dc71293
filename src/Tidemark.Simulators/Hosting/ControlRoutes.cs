using Tidemark.Simulators.Faults;
using Tidemark.Simulators.Records;

namespace Tidemark.Simulators.Hosting;

/// <summary>The <c>/_sim</c> routes: what happened, what is true, and what shall happen next.</summary>
internal static class ControlRoutes
{
    public static void Map(IEndpointRouteBuilder routes, SimulatorState state)
    {
        routes.MapGet("/_sim/calls", context => CallsAsync(context, state.Calls.Snapshot()));
        routes.MapGet("/_sim/changes", context => Answers.LinesAsync(context, state.Changes.Select(static change => change.ToUtf8())));
        routes.MapGet("/_sim/records/{kind}", context => RecordsAsync(context, state.Simulator));
        routes.MapPost("/_sim/reset", context => ResetAsync(context, state));
        routes.MapPost("/_sim/advance", context => AdvanceAsync(context, state));
        routes.MapPost("/_sim/fault", context => FaultAsync(context, state));
    }

    private static Task CallsAsync(HttpContext context, SimulatorCalls calls) => Answers.JsonAsync(context, new
    {
        total = calls.Total,
        allowed = calls.Allowed,
        refused = calls.Refused,
        by_path = calls.ByPath,
        by_field = calls.ByField,
        max_in_window = calls.MaxInWindow,
        at_once = new { most = calls.MostAtOnce, average = Math.Round(calls.AverageAtOnce, 3) },
    });

    private static Task RecordsAsync(HttpContext context, ISimulator simulator)
    {
        var kind = (string)context.Request.RouteValues["kind"]!;
        return simulator.Kinds.Contains(kind, StringComparer.Ordinal)
            ? Answers.LinesAsync(context, simulator.Records(kind))
            : simulator.Kinds.Count == 0 ? BadRequestAsync(context, "This API serves no records.")
            : BadRequestAsync(context, $"Unknown kind '{kind}'; known are {string.Join(", ", simulator.Kinds)}.");
    }

    private static Task ResetAsync(HttpContext context, SimulatorState state)
    {
        state.Reset();
        return Answers.JsonAsync(context, new { reset = true });
    }

    private static Task AdvanceAsync(HttpContext context, SimulatorState state)
    {
        try
        {
            if (context.Request.Query.Keys.FirstOrDefault(static key => key is not "to") is { } unknown)
                return BadRequestAsync(context, $"Unknown parameter '{unknown}'; to is expected.");
            var changes = state.Advance(AdvanceNames.Parse(context.Request.Query["to"]));
            var inserted = changes.Count(static change => change.Operation == ChangeOperation.Insert);
            return Answers.JsonAsync(context, new { inserted, updated = changes.Count - inserted });
        }
        catch (ArgumentException exception)
        {
            return BadRequestAsync(context, exception.Message);
        }
    }

    private static Task FaultAsync(HttpContext context, SimulatorState state)
    {
        try
        {
            var fault = FaultReader.Read(context.Request.Query, state.Simulator.AnswersGraphQlErrors, state.Simulator.CursorsExpire);
            state.Faults.Add(fault);
            return Answers.JsonAsync(context, new { kind = context.Request.Query["kind"].ToString(), count = fault.Count, after = fault.After });
        }
        catch (FormatException exception)
        {
            return BadRequestAsync(context, exception.Message);
        }
    }

    private static Task BadRequestAsync(HttpContext context, string message) =>
        Answers.ErrorAsync(context, StatusCodes.Status400BadRequest, message);
}
