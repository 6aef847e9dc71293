namespace Tidemark.Simulators.Records;

internal enum FilterOperation
{
    Equal,
    AtLeast,
    Below,
}
