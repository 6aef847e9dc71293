using Tidemark.Sqlite.Native;

namespace Tidemark.Sqlite.Tests.Native;

public sealed class DatabaseTests
{
    [Fact]
    public async Task New_file_can_be_opened_by_many_at_once()
    {
        const int Openers = 8;
        for (var round = 0; round < 50; round++)
        {
            using var db = new TestDatabase();
            using var barrier = new Barrier(Openers);
            var opened = await Task.WhenAll(Enumerable.Range(0, Openers).Select(_ => Task.Factory.StartNew(() =>
            {
                barrier.SignalAndWait();
                using var database = Database.OpenWritable(db.File);
                return database.Scalar("PRAGMA journal_mode");
            }, default, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
            opened.ShouldAllBe(mode => Equals(mode, "wal"));
        }
    }
}
