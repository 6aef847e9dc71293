using Tidemark.Destinations;
using Tidemark.Records;

namespace Tidemark.Tests.Destinations;

public sealed class SchemaVerificationTests
{
    private static readonly StreamTarget Target = new()
    {
        PipelineName = "p",
        Stream = "people",
        Table = "folk",
        Schema = new BatchSchema { PrimaryKey = ["id"], Columns = [new DeclaredColumn("city", null, ColumnType.Text)] },
        Indexes = [new TableIndex(["city"]), new TableIndex(["Email"], Unique: true)],
        Partitioning = new TablePartitioning("Region", PartitionKind.List),
    };

    private static readonly TableDescription Table = new(
        "public.folk",
        [
            new("id", "bigint", ColumnType.Bigint, Nullable: false, "id", ColumnType.Bigint),
            new("city", "text", ColumnType.Text, Nullable: true, "city", ColumnType.Text),
            new("Email_2", "text", ColumnType.Text, Nullable: true, "Email", ColumnType.Text),
            new("region", "text", ColumnType.Text, Nullable: true, "Region", ColumnType.Text),
            new("mood", "mood", null, Nullable: true, "mood"),
            new("notes", "text", ColumnType.Text, Nullable: true),
        ],
        ["id"],
        [new("folk_city_idx", ["city"], Unique: false), new("folk_Email_2_key", ["Email_2"], Unique: true)],
        Rows: 3) { Partitioning = new TablePartitioning("region", PartitionKind.List) };

    private static readonly TableIndex Cities = new(["city"], Unique: true);

    [Fact]
    public void Table_as_declared_has_no_difference() => SchemaVerification.Compare(Target, Table).ShouldBeEmpty();

    [Fact]
    public void Missing_table_is_one_difference_that_says_what_makes_it() =>
        SchemaVerification.Compare(Target, null).Select(d => d.ToString()).ShouldBe(["table folk: expected a table, found none; tidemark run people makes it"]);

    [Fact]
    public void Table_that_no_stream_has_written_is_compared_by_the_names_of_its_columns() =>
        SchemaVerification.Compare(Target with { Indexes = [], Partitioning = null }, Table with { Columns = [.. Table.Columns.Select(c => c with { Field = null, Recorded = null })] }).ShouldBeEmpty();

    [Fact]
    public void Declared_column_that_is_missing_or_of_another_type_is_a_difference()
    {
        Differences(Target, Without("city")).ShouldContain("ColumnMissing column city: expected text, found none", StringComparer.Ordinal);
        Differences(Target, With(Column("city") with { SqlType = "character varying(50)", Type = null })).ShouldBe(["ColumnType column city: expected text, found character varying(50)"]);
        Differences(Declaring(new DeclaredColumn("size", null, null)), Table).ShouldBe(["ColumnMissing column size: expected a column, found none"]);
        Differences(Declaring(new DeclaredColumn("notes", null, ColumnType.Text)), Table).ShouldBeEmpty();
    }

    [Fact]
    public void Column_that_somebody_altered_or_dropped_is_a_difference()
    {
        Differences(Target, With(Column("id") with { SqlType = "integer", Type = null })).ShouldBe(["ColumnAltered column id: expected bigint, as it was made, found integer"]);
        Differences(Target, Table with { LostColumns = new Dictionary<string, string>(StringComparer.Ordinal) { ["Size"] = "size" } })
            .ShouldBe(["ColumnMissing column size: expected a column for the field 'Size', as it was before, found none: it was dropped or renamed"]);
        // Said once, although it is declared as well.
        Differences(Target with { Indexes = [] }, Without("city") with { LostColumns = new Dictionary<string, string>(StringComparer.Ordinal) { ["city"] = "city" } }).Count.ShouldBe(1);
    }

    [Fact]
    public void Key_that_nothing_keeps_unique_is_a_difference()
    {
        Differences(Target, Table with { PrimaryKey = [] }).ShouldBe(["KeyMissing primary key (id): expected a primary key or a unique index over these columns, found none"]);
        Differences(Target, Table with { PrimaryKey = ["id", "city"] }).ShouldBe(["KeyMissing primary key (id): expected a primary key or a unique index over these columns, found the primary key (id, city)"]);
        Differences(Target, Table with { PrimaryKey = [], Indexes = [.. Table.Indexes, new("k", ["id"], Unique: true)] }).ShouldBeEmpty();
        Differences(Target, Without("id") with { PrimaryKey = [] }).ShouldBe(["KeyMissing primary key (id): expected a unique key, found no column for the field 'id'"]);
        Differences(Target with { Disposition = WriteDisposition.Append }, Table with { PrimaryKey = [] }).ShouldBeEmpty();
        Differences(Target with { Schema = Target.Schema with { PrimaryKey = ["city", "id"] } }, Table with { PrimaryKey = ["id", "city"] }).ShouldBeEmpty();
    }

    [Fact]
    public void Declared_index_that_is_missing_or_not_unique_is_a_difference()
    {
        Differences(Target, Table with { Indexes = [Table.Indexes[1]] }).ShouldBe(["IndexMissing index (city): expected an index, found none"]);
        Differences(Target with { Indexes = [Cities] }, Table).ShouldBe(["IndexMissing index (city): expected a unique index, found the index folk_city_idx, which is not unique"]);
        Differences(Target with { Indexes = [Cities] }, Table with { Indexes = [.. Table.Indexes, new("unique", ["city"], Unique: true)] }).ShouldBeEmpty();
        Differences(Target with { Indexes = [new TableIndex(["id"], Unique: true)] }, Table).ShouldBeEmpty();
        Differences(Target with { Indexes = [new TableIndex(["id", "city"])] }, Table).ShouldBe(["IndexMissing index (id, city): expected an index, found none"]);
        Differences(Target with { Indexes = [new TableIndex(["phone"])] }, Table).ShouldBe(["IndexMissing index (phone): expected an index, found none, as the field 'phone' has no column"]);
    }

    [Fact]
    public void Partitions_that_are_not_as_declared_are_a_difference()
    {
        Differences(Target, Table with { Partitioning = null }).ShouldBe(["Partitioning partitions: expected by list of region, found a table without partitions; a table can't be partitioned afterwards: make it anew"]);
        Differences(Target, Table with { Partitioning = new TablePartitioning("id", PartitionKind.Range) }).ShouldBe(["Partitioning partitions: expected by list of region, found by range of id"]);
        Differences(Target with { Partitioning = null }, Table).ShouldBeEmpty();
    }

    private static List<string> Differences(StreamTarget target, TableDescription table) => [.. SchemaVerification.Compare(target, table).Select(d => $"{d.Kind} {d}")];

    private static StreamTarget Declaring(DeclaredColumn column) => Target with { Schema = Target.Schema with { Columns = [column] } };

    private static ColumnDescription Column(string name) => Table.Columns.Single(c => c.Name == name);

    private static TableDescription With(ColumnDescription column) => Table with { Columns = [.. Table.Columns.Select(c => c.Name == column.Name ? column : c)] };

    private static TableDescription Without(string name) => Table with { Columns = [.. Table.Columns.Where(c => c.Name != name)] };
}
