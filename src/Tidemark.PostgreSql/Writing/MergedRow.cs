namespace Tidemark.PostgreSql.Writing;

/// <summary>What a merge has met, a letter a row.</summary>
internal static class MergedRow
{
    /// <summary>No row of its key was there: it was to be inserted.</summary>
    public const char New = 'i';

    /// <summary>It differs from its row: that was to be updated.</summary>
    public const char Changed = 'u';

    /// <summary>Its row is newer.</summary>
    public const char Older = 'o';

    /// <summary>Its row is like it.</summary>
    public const char Same = 's';
}
