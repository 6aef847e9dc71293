namespace Tidemark.Simulators.Crm;

/// <summary>What records of one kind know of the others. The identifiers are the seed's; they stay what they were.</summary>
internal sealed class CrmWorld
{
    private readonly Dictionary<string, List<string>> _pianosOf = new(StringComparer.Ordinal);

    public required DateTimeOffset Start { get; init; }

    public required int Scale { get; init; }

    public List<string> ClientIds { get; } = [];

    public List<string> UserIds { get; } = [];

    public void AddPiano(string clientId, string pianoId)
    {
        if (!_pianosOf.TryGetValue(clientId, out var pianos))
            _pianosOf[clientId] = pianos = [];
        pianos.Add(pianoId);
    }

    public IReadOnlyList<string> PianosOf(string clientId) => _pianosOf.GetValueOrDefault(clientId) ?? [];
}
