using Tidemark.Quotas;

namespace Tidemark.Sources;

/// <summary>Somebody else's API or file, as the user described it. A connector derives its own; it must be immutable.</summary>
public abstract record SourceDefinition
{
    /// <summary>The quota that its calls are counted in; null (default): none.</summary>
    public QuotaUse? Quota { get; init; }

    /// <summary>True if its records are posted by others: no run reads it. Default: no.</summary>
    public virtual bool IsPushed => false;

    /// <summary>How many calls it makes before its first page, such as for a token; default 0.</summary>
    public virtual int CallsAhead => 0;

    /// <summary>Makes the live source. It does no I/O before it is read.</summary>
    /// <param name="services">What it may use.</param>
    public abstract ISource Open(SourceServices services);
}
