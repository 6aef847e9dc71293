using Tidemark.Definitions;

namespace Tidemark.Cli.Scoring;

/// <summary>The keys of <c>compute: { type: product_score }</c>.</summary>
internal static class ProductScoreShape
{
    private static readonly Shape<ScoreThreshold> Threshold = new Shape<ScoreThreshold>("What a recommendation asks for at least.", () => new ScoreThreshold(0, 0))
        .Required("roi", Formats.Number, (t, v) => t with { Roi = v }, "ROI in percent.")
        .Required("velocity", Formats.Number, (t, v) => t with { Velocity = v }, "Velocity, 0 to 100.");

    public static Shape<ProductScore> Keys { get; } = new Shape<ProductScore>("What reselling a product is worth.", () => new ProductScore())
        .Optional("cost_ratio", Formats.Share, (s, v) => s with { CostRatio = v }, "What a reseller pays, as a share of the sale price, where the request has no cost. Default: 50%.")
        .Optional("referral_fee", Formats.Share, (s, v) => s with { ReferralFee = v }, "The marketplace's share of the sale price. Default: 15%.")
        .Optional("fulfilment_fee", Formats.Number, (s, v) => s with { FulfilmentFee = v }, "What packing and sending one costs. Default: 3.5.")
        .Optional("slowest_rank", Formats.Integer(10), (s, v) => s with { SlowestRank = v }, "The sales rank from which on nothing sells. Default: 1000000.")
        .Optional("strong_buy", Threshold, (s, v) => s with { StrongBuy = v }, "What STRONG_BUY asks for. Default: { roi: 50, velocity: 70 }.")
        .Optional("buy", Threshold, (s, v) => s with { Buy = v }, "What BUY asks for. Default: { roi: 30, velocity: 50 }.")
        .Optional("consider", Threshold, (s, v) => s with { Consider = v }, "What CONSIDER asks for; less is SKIP. Default: { roi: 15, velocity: 30 }.");
}
