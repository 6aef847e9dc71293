namespace Tidemark.Sources;

/// <summary>What a stream asks of its source: path, query, paging, where the records are. A connector derives its own; it must be immutable.</summary>
public abstract record StreamRequest
{
    /// <summary>The same request with one more parameter; null (default): the source has no parameters.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="value">Its value.</param>
    public virtual StreamRequest? WithParam(string name, Template value) => null;

    /// <summary>What each of its calls is expected to cost, in the unit of the source's quota; null (default): what the source says.</summary>
    public double? Cost { get; init; }

    /// <summary>False if reading makes no calls, as of files; default true.</summary>
    public virtual bool MakesCalls => true;

    /// <summary>How many records a page is asked to have; null (default): the source chooses, or it is not known.</summary>
    public virtual int? PageSize => null;

    /// <summary>How many pages there are for so many records, for plans; at least 1. Null (default): that can't be told.</summary>
    /// <param name="records">Records of the whole reading.</param>
    /// <param name="pageLength">Records of a full page, at least 1.</param>
    /// <param name="endsEmpty">Whether a reading was seen to end with a page without records, where the paging leaves that open; null: none was seen.</param>
    public virtual long? PagesOf(long records, int pageLength, bool? endsEmpty) => null;

    /// <summary>Why its pages can't be shared out between several readings, and what to do; null: they can.</summary>
    public virtual string? WhyNotByPages => "a source of this type can't be entered at a page: cut it by list or by range";

    /// <summary>All templates in the request: the engine asks them whether a run reads only a part of the source, and which fields of a parent they need.</summary>
    public virtual IEnumerable<Template> Templates => [];
}
