using Tidemark.Definitions;
using Tidemark.Lookups;

namespace Tidemark.Configuration.Shapes;

/// <summary>Where a field of a lookup's history comes from.</summary>
internal static class HistoryFieldFormat
{
    public static Shape<HistoryField> Keys { get; } = new Shape<HistoryField>("Where it comes from.", () => new HistoryField())
        .Optional("header", Formats.Text, (f, v) => f with { Header = v }, "A header of the request. Default: none.")
        .Optional("param", Formats.Text, (f, v) => f with { Param = v }, "A parameter of the request, where there is no such header; it leads to no other answer. Default: none.")
        .Optional("default", Formats.Text, (f, v) => f with { Default = v }, "What it is where neither is there. Default: nothing.")
        .Optional("values", Formats.OneOrMany(Formats.Text), (f, v) => f with { Values = v }, "What it may be; another value is a 400. Default: any text of at most 36 characters.");
}
