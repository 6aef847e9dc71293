namespace Tidemark.Pushing;

/// <summary>Why a record of a post was rejected, for programs.</summary>
public static class RejectionCode
{
    /// <summary>It is no JSON object, not valid UTF-8, lacks its primary key, or has a value that is not as declared.</summary>
    public const string Invalid = "invalid_record";

    /// <summary>It breaks a rule of <c>validate</c>.</summary>
    public const string Rule = "rule_broken";

    /// <summary>A key or reference is an object or a list.</summary>
    public const string NotScalar = "not_a_scalar";

    /// <summary>What it refers to is not there.</summary>
    public const string UnknownReference = "unknown_reference";

    /// <summary>None of the <c>when</c> fields is there: it belongs to no table.</summary>
    public const string NoTable = "no_table";

    /// <summary>The database refuses it: a constraint, a value that its column can't hold, a table that must not change.</summary>
    public const string Refused = "refused_by_database";
}
