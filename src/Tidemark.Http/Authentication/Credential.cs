using Tidemark.Http.Wire;
namespace Tidemark.Http.Authentication;

/// <summary>A live credential: adds to each message what shows who is calling.</summary>
internal abstract class Credential : IDisposable
{
    /// <summary>For messages: which authenticator, without its secret.</summary>
    public abstract string Name { get; }

    /// <summary>Values that must not be shown.</summary>
    public abstract IEnumerable<string> Secrets { get; }

    /// <summary>The query parameter that holds the secret; null: it is not in the query.</summary>
    public virtual string? QueryParam => null;

    /// <summary>Adds what shows who is calling. Answers which version of the secret it was.</summary>
    /// <param name="message">A message to the source's own origin.</param>
    /// <param name="owner">For whom calls are sent that this needs.</param>
    /// <param name="cancellationToken">Ends a call.</param>
    public abstract ValueTask<long> ApplyAsync(HttpRequestMessage message, CallOwner owner, CancellationToken cancellationToken);

    /// <summary>True if the secret was replaced or has expired since it was added to a message: the message need not be sent any more.</summary>
    /// <param name="version">The version that was added.</param>
    public virtual bool IsStale(long version) => false;

    /// <summary>Forgets the secret if it is still the version that was refused; false if there is no way to get another.</summary>
    /// <param name="version">The version that was refused.</param>
    public virtual bool Refresh(long version) => false;

    public virtual void Dispose()
    {
    }
}
