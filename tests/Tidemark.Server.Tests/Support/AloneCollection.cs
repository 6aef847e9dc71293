namespace Tidemark.Server.Tests.Support;

/// <summary>Tests that see the whole process: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
