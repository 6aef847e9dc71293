using Tidemark.Definitions;
using Tidemark.Http.Wire;

namespace Tidemark.Http.Authentication;

/// <summary>A fixed value in a header.</summary>
/// <param name="name">For messages.</param>
/// <param name="header">The header.</param>
/// <param name="value">The whole value.</param>
/// <param name="secrets">Values that must not be shown, beside the whole one.</param>
internal sealed class HeaderCredential(string name, string header, Secret value, params IReadOnlyList<string> secrets) : Credential
{
    public override string Name => name;

    public override IEnumerable<string> Secrets => [value.Reveal(), .. secrets];

    public override ValueTask<long> ApplyAsync(HttpRequestMessage message, CallOwner owner, CancellationToken cancellationToken)
    {
        message.Headers.Remove(header);
        message.Headers.TryAddWithoutValidation(header, value.Reveal());
        return ValueTask.FromResult(0L);
    }
}
