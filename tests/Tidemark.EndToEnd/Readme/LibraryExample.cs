#region readme
using Tidemark;
using Tidemark.Http;
using Tidemark.Runs;
using Tidemark.Scanning;
using Tidemark.Sqlite;

namespace MyMirror;

public static class Communes
{
    public static async Task<RunReport> MirrorAsync(Uri api, string database, CancellationToken cancellationToken)
    {
        await using var store = await SqliteStore.OpenAsync(".tidemark/store.db", TimeProvider.System, cancellationToken);
        return await Pipeline.Create("communes")
            .From(new RestSource { Url = api })
            .To(new SqliteDestination { Path = database })
            .Stream("communes",
                new RestRequest { Path = "/communes/cursor", Records = "communes", Paginator = new CursorPaginator { CursorPath = "next_cursor", PageSize = 1000, PageSizeParam = "limit" } },
                stream => stream with { PrimaryKey = ["code"], Incremental = new IncrementalDefinition { CursorField = "updated_at" } })
            .Store(store)
            .RunAsync(cancellationToken: cancellationToken);
    }
}
#endregion
