namespace Tidemark.Simulators.Faults;

internal enum FaultKind
{
    Status,
    Truncate,
    Slow,
    Html,
    Cut,
    GraphQl,
    Redirect,
    Garbage,
    Empty,
    NullCursor,
    Repeat,
    Mutate,
    Grow,
    ExpireCursor,
}
