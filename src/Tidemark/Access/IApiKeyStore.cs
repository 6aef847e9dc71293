namespace Tidemark.Access;

/// <summary>Keeps the API keys of pipelines. Safe for several tasks at once.</summary>
public interface IApiKeyStore
{
    /// <summary>Keeps a key; false if the pipeline has one of that name that is not revoked, or one with its hash.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<bool> AddKeyAsync(string pipeline, ApiKey key, CancellationToken cancellationToken);

    /// <summary>All keys of a pipeline, revoked ones too, in the order in which they were made.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<IReadOnlyList<ApiKey>> ListKeysAsync(string pipeline, CancellationToken cancellationToken);

    /// <summary>Revokes a key for good; false if no key of that name holds. It stays in the list.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="name">Its name.</param>
    /// <param name="at">When.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<bool> RevokeKeyAsync(string pipeline, string name, DateTimeOffset at, CancellationToken cancellationToken);
}
