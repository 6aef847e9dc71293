using Tidemark.Http.Authentication;
using Tidemark.Http.Wire;

namespace Tidemark.Http;

/// <summary>How a source shows who is calling. What it adds to a call is never sent to another origin than the source's.</summary>
public abstract record Authenticator
{
    /// <summary>Makes the live credential of a source.</summary>
    /// <param name="exchange">For calls that it makes itself.</param>
    /// <param name="time">The clock.</param>
    internal abstract Credential Open(HttpExchange exchange, TimeProvider time);

    /// <summary>What is wrong with the definition: the key, and what to do; null: nothing.</summary>
    internal virtual (string? Key, string Message)? Problem() => null;
}
