namespace Tidemark.Simulators.Records;

internal enum ChangeOperation
{
    Insert,
    Update,
}
