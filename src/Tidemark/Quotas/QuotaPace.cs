namespace Tidemark.Quotas;

/// <summary>How calls are spread over an interval.</summary>
public enum QuotaPace
{
    /// <summary>As soon as they are allowed.</summary>
    Burst,

    /// <summary>Evenly.</summary>
    Smooth,
}
