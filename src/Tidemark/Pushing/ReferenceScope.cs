namespace Tidemark.Pushing;

/// <summary>Whose value a reference is.</summary>
public enum ReferenceScope
{
    /// <summary>Each record's: a record whose value is not there is rejected, one without a value is not asked.</summary>
    Record,

    /// <summary>The request's: if its value is missing or not there, the post is refused as a whole.</summary>
    Request,
}
