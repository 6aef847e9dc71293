namespace Tidemark.Records;

/// <summary>What becomes of objects inside of records.</summary>
public enum NestedValues
{
    /// <summary>A column of JSON.</summary>
    Json,

    /// <summary>A column for each value in them: <c>address: { city: … }</c> becomes <c>address__city</c>.</summary>
    Flatten,
}
