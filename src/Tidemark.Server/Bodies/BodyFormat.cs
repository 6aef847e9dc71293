namespace Tidemark.Server.Bodies;

/// <summary>What a body holds.</summary>
internal enum BodyFormat
{
    /// <summary>One JSON document: a list, an object around a list, or one record.</summary>
    Json,

    /// <summary>A JSON object a line.</summary>
    Lines,
}
