namespace Tidemark.Simulators.Keepa;

/// <summary>A product of the shop.</summary>
/// <param name="Asin">Its number.</param>
/// <param name="Title">Its title.</param>
/// <param name="Category">Its root category.</param>
/// <param name="Rank">Its sales rank.</param>
/// <param name="AverageRank">The same over 90 days.</param>
/// <param name="Price">The price of a new one, in the smallest unit; -1: nobody offers one.</param>
/// <param name="AveragePrice">The same over 90 days.</param>
internal sealed record Product(string Asin, string Title, long Category, int Rank, int AverageRank, int Price, int AveragePrice);
