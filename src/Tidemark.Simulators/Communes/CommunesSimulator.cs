using Tidemark.Simulators.Hosting;
using Tidemark.Simulators.Records;

namespace Tidemark.Simulators.Communes;

internal sealed class CommunesSimulator(SimulatorOptions options, StampClock clock) : ISimulator
{
    public IReadOnlyList<string> Kinds => [];
    public bool AnswersGraphQlErrors => false;
    public void Map(IEndpointRouteBuilder routes) { }
    public ValueTask DescribeAsync(HttpContext context, SimulatedCall call) => ValueTask.CompletedTask;
    public void Reset() { _ = options; _ = clock; }
    public IReadOnlyList<SimulatedChange> Advance(Advance to) => [];
    public void Mutate(string kind) { }
    public IReadOnlyList<SimulatedRecord> Records(string kind) => [];
}
