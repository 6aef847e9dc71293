using Tidemark.Simulators.Hosting;

namespace Tidemark.Simulators.Crm;

/// <summary>How many records of a kind an advance inserts and updates.</summary>
internal sealed record ChangePlan(int Inserts, int Updates)
{
    public static ChangePlan For(AdvanceTo to, string kind) => (to, kind) switch
    {
        (AdvanceTo.Day, "clients") => new(0, 5),
        (AdvanceTo.Day, "pianos") => new(0, 2),
        (AdvanceTo.Day, "appointments") => new(5, 20),
        (AdvanceTo.Day, "timeline") => new(15, 15),
        (AdvanceTo.Quiet, "clients") => new(0, 1),
        (AdvanceTo.Quiet, "appointments") => new(2, 4),
        (AdvanceTo.Quiet, "timeline") => new(3, 5),
        (AdvanceTo.Busy, "clients") => new(0, 4),
        (AdvanceTo.Busy, "pianos") => new(0, 2),
        (AdvanceTo.Busy, "appointments") => new(4, 12),
        (AdvanceTo.Busy, "timeline") => new(8, 12),
        _ => new(0, 0),
    };
}
