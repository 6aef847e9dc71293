namespace Tidemark.Server.Access;

/// <summary>Who may call a route.</summary>
internal enum AccessLevel
{
    /// <summary>Whoever shows an admin key.</summary>
    Admin,

    /// <summary>Whoever shows a key of this route, or an admin key.</summary>
    Route,

    /// <summary>Whoever shows any key.</summary>
    AnyKey,

    /// <summary>Everybody: it tells nothing.</summary>
    Open,
}
