namespace Tidemark.Simulators.Communes;

/// <summary>A parameter that cannot be read; the message is sent with status 400.</summary>
internal sealed class BadQueryException(string message) : Exception(message);
