namespace Tidemark.Simulators.Hosting;

/// <summary>What a call asks for in its body, as far as the host has to know it.</summary>
internal interface IReceivedQuery
{
    /// <summary>The names of the lists that it asks for: calls are counted by them.</summary>
    IReadOnlyList<string> RootFields { get; }
}
