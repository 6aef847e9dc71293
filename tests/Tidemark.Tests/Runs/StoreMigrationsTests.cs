using Tidemark.Runs;

namespace Tidemark.Tests.Runs;

public sealed class StoreMigrationsTests
{
    private readonly StoreMigrations _steps = new(typeof(StoreMigrationsTests).Assembly, "Tidemark.Tests.Runs.Steps.");

    [Fact]
    public void New_store_gets_all_steps_by_their_numbers()
    {
        _steps.Missing(new HashSet<int>()).ShouldBe([1, 4, 19]);
        _steps.Newest.ShouldBe(19);
        _steps.Read(4).ShouldBe("-- late\n");
    }

    [Fact]
    public void Step_with_a_smaller_number_that_came_later_is_not_passed_over() => _steps.Missing(new HashSet<int> { 1, 19 }).ShouldBe([4]);

    [Theory]
    [InlineData(new[] { 1, 4, 19 }, null)]
    [InlineData(new int[0], null)]
    [InlineData(new[] { 1, 7, 19 }, 7)]
    [InlineData(new[] { 1, 7, 99 }, 99)]
    public void Store_of_a_newer_version_is_told_by_a_number_that_is_not_known(int[] applied, int? unknown) => _steps.Unknown(applied.ToHashSet()).ShouldBe(unknown);
}
