using Tidemark.PostgreSql.Tables;

namespace Tidemark.PostgreSql.Writing;

/// <summary>A column of the table that rows of a call are written to, and of the stage in which they wait.</summary>
/// <param name="Target">The column of the table.</param>
/// <param name="Index">Its place in the stage.</param>
/// <param name="IsMixed">True if some of the rows carry it and some don't: the stage tells which do.</param>
/// <param name="IsKey">True if it belongs to the primary key.</param>
internal sealed record StagedColumn(PgColumn Target, int Index, bool IsMixed, bool IsKey)
{
    /// <summary>Its name in the stage.</summary>
    public string Name { get; } = $"c{Index}";

    /// <summary>Where the stage tells whether a row carries it.</summary>
    public string Presence { get; } = $"p{Index}";

    /// <summary>Its quoted name in the table.</summary>
    public string Quoted { get; } = Native.PgSql.Quote(Target.Name);
}
