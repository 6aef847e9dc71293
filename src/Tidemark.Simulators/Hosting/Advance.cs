namespace Tidemark.Simulators.Hosting;

internal enum Advance
{
    Day,
    Quiet,
    Busy,
}
