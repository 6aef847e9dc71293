using Tidemark.Destinations;

namespace Tidemark.PostgreSql.Native;

/// <summary>An error that the server reported, or a lost connection.</summary>
/// <param name="fault">What it means for the engine.</param>
/// <param name="state">The SQLSTATE; empty for a lost connection.</param>
/// <param name="message">For people.</param>
/// <param name="innerException">The cause.</param>
internal sealed class PgError(DestinationFault fault, string state, string message, Exception? innerException = null) : DestinationException(fault, message, innerException)
{
    /// <summary>A key, or another unique value, that is there already.</summary>
    public const string UniqueViolation = "23505";

    /// <summary>A right that is missing.</summary>
    public const string NoRight = "42501";

    /// <summary>The SQLSTATE; empty for a lost connection.</summary>
    public string State { get; } = state;
}
