namespace Tidemark.Simulators.Hosting;

internal static class AdvanceNames
{
    public static Advance Parse(string? to) => to switch
    {
        "day" => Advance.Day,
        "quiet" => Advance.Quiet,
        "busy" => Advance.Busy,
        _ => throw new ArgumentException($"to is '{to}'; day, quiet or busy is expected."),
    };
}
