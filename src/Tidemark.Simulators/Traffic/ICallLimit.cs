namespace Tidemark.Simulators.Traffic;

/// <summary>
/// A way to count. Told the times of calls, which never decrease, it decides which of them are allowed; a refused call is not
/// charged. Not safe for concurrent use.
/// </summary>
internal interface ICallLimit
{
    LimitVerdict Ask(TimeSpan now);
}
