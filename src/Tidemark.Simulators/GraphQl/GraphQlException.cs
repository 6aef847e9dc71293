namespace Tidemark.Simulators.GraphQl;

/// <summary>A query that cannot be run; the message is sent to the client.</summary>
internal sealed class GraphQlException(string message) : Exception(message);
