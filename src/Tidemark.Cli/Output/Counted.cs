namespace Tidemark.Cli.Output;

/// <summary>A number and what it counts: 1 retry, 34 969 retries.</summary>
internal static class Counted
{
    public static string Of(long count, string one, string many) => $"{Terminal.Number(count)} {(count == 1 ? one : many)}";

    /// <summary>Of a word that takes an s.</summary>
    public static string Of(long count, string one) => Of(count, one, one + "s");
}
