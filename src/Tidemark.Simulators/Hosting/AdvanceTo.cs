namespace Tidemark.Simulators.Hosting;

internal enum AdvanceTo
{
    Day,
    Quiet,
    Busy,
}
