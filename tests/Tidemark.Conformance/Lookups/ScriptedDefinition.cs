using Tidemark.Sources;

namespace Tidemark.Conformance.Lookups;

internal sealed record ScriptedDefinition(ScriptedSource Live) : SourceDefinition
{
    public override ISource Open(SourceServices services) => Live.Open();
}

internal sealed record ScriptedRequest : StreamRequest;
