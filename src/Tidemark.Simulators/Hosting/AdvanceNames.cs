namespace Tidemark.Simulators.Hosting;

internal static class AdvanceNames
{
    public static AdvanceTo Parse(string? to) => to switch
    {
        "day" => AdvanceTo.Day,
        "quiet" => AdvanceTo.Quiet,
        "busy" => AdvanceTo.Busy,
        _ => throw new ArgumentException($"to is '{to}'; day, quiet or busy is expected."),
    };
}
