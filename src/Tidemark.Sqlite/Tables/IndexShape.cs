using Tidemark.Sqlite.Native;

namespace Tidemark.Sqlite.Tables;

/// <summary>An index as the database describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">Its columns, in order.</param>
/// <param name="Unique">True if no two rows may have the same values.</param>
/// <param name="IsKey">True for the one of the primary key.</param>
internal sealed record IndexShape(string Name, IReadOnlyList<string> Columns, bool Unique, bool IsKey)
{
    /// <summary>The indexes of a table, those over expressions or parts of it excepted.</summary>
    public static List<IndexShape> Read(Database database, string table) =>
        // The name of an expression is null.
        database.Rows("SELECT name, \"unique\", origin FROM pragma_index_list(?1) WHERE partial = 0 ORDER BY seq DESC", table)
            .ConvertAll(r => (Index: r, Columns: database.Rows("SELECT name FROM pragma_index_info(?1) ORDER BY seqno", r[0]).ConvertAll(c => c[0] as string)))
            .FindAll(i => i.Columns.TrueForAll(c => c is not null))
            .ConvertAll(i => new IndexShape((string)i.Index[0]!, i.Columns.ConvertAll(c => c!), i.Index[1] is 1L, i.Index[2] is "pk"));
}
