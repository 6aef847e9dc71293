namespace Tidemark.Lookups.Keys;

/// <summary>What a parameter of a lookup may be.</summary>
public enum LookupParamType
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A whole number of 64 bits.</summary>
    Int,

    /// <summary>A decimal number; 1.50 and 1.5 are the same.</summary>
    Number,

    /// <summary>True or false.</summary>
    Bool,
}
