namespace Tidemark.Records;

/// <summary>What a <see cref="ScalarValue"/> was in JSON.</summary>
public enum ScalarKind : byte
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,
}
