using Tidemark.Sources;

namespace Tidemark.Conformance.Lookups;

internal sealed record ScriptedDefinition(ScriptedSource Live) : SourceDefinition
{
    public override ISource Open(SourceServices services) => Live;
}

internal sealed record ScriptedRequest : StreamRequest;
