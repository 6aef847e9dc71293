using Tidemark.Simulators.Hosting;

namespace Tidemark.Simulators.Crm;

/// <summary>How many records of a kind an advance inserts and updates.</summary>
internal sealed record ChangePlan(int Inserts, int Updates)
{
    public static ChangePlan For(Advance to, string kind) => (to, kind) switch
    {
        (Advance.Day, "clients") => new(0, 5),
        (Advance.Day, "pianos") => new(0, 2),
        (Advance.Day, "appointments") => new(5, 20),
        (Advance.Day, "timeline") => new(15, 15),
        (Advance.Quiet, "clients") => new(0, 1),
        (Advance.Quiet, "appointments") => new(2, 4),
        (Advance.Quiet, "timeline") => new(3, 5),
        (Advance.Busy, "clients") => new(0, 4),
        (Advance.Busy, "pianos") => new(0, 2),
        (Advance.Busy, "appointments") => new(4, 12),
        (Advance.Busy, "timeline") => new(8, 12),
        _ => new(0, 0),
    };
}
