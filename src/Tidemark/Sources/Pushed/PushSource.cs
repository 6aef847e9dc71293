namespace Tidemark.Sources.Pushed;

/// <summary>Records that others post while <c>tidemark serve</c> runs: there is nothing to read.</summary>
public sealed record PushSource : SourceDefinition
{
    /// <inheritdoc/>
    public override bool IsPushed => true;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always: runs leave streams of such a source out.</exception>
    public override ISource Open(SourceServices services) => throw new NotSupportedException("records of this source are posted to tidemark serve; it can't be read");
}
