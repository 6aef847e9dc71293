using Tidemark.Simulators.Faults;
using Tidemark.Simulators.Records;

namespace Tidemark.Simulators.GraphQl;

/// <summary>A root field that pages through a table.</summary>
internal sealed class Connection
{
    private static readonly ObjectType PageInfo =
        new("PageInfo", "hasNextPage", "hasPreviousPage", "startCursor", "endCursor");

    private readonly RecordTable _table;
    private readonly IReadOnlyList<SortOrder> _orders;
    private readonly IReadOnlyDictionary<string, (int Key, FilterOperation Operation)> _filters;

    /// <param name="field">The root field's name.</param>
    /// <param name="node">The type of its records.</param>
    /// <param name="table">The records.</param>
    /// <param name="orders">What it can be sorted by; the first is the default.</param>
    /// <param name="filters">What it can be filtered by.</param>
    public Connection(
        string field,
        ObjectType node,
        RecordTable table,
        IReadOnlyList<SortOrder> orders,
        IReadOnlyDictionary<string, (int Key, FilterOperation Operation)> filters)
    {
        Field = field;
        Node = node;
        Type = new ObjectType(
            node.Name + "Connection",
            ["totalCount"],
            ("nodes", node),
            ("edges", new ObjectType(node.Name + "Edge", ["cursor"], ("node", node))),
            ("pageInfo", PageInfo));
        _table = table;
        _orders = orders;
        _filters = filters;
    }

    public string Field { get; }

    public ObjectType Node { get; }

    public ObjectType Type { get; }

    /// <summary>The most records of a page.</summary>
    public int MostRecords { get; init; } = ConnectionArguments.MostRecords;

    public ConnectionPage Read(ConnectionArguments arguments, PageFault fault)
    {
        var order = arguments.Sort is null ? _orders[0] : FindOrder(arguments.Sort);
        var view = _table.View(order, [.. arguments.Filters.Where(static filter => filter.Value is not null).Select(ReadFilter)]);
        var start = arguments.After is null ? 0 : view.IndexAfter(ReadCursor(arguments.After, order));
        var page = view.Page(start, fault == PageFault.Empty ? 0 : arguments.First);
        var hasNext = fault != PageFault.Empty && start + page.Count < view.Count;
        return new ConnectionPage(page, order, view.Count, start > 0, hasNext, fault == PageFault.NullCursor);
    }

    private SortOrder FindOrder(string name) =>
        _orders.FirstOrDefault(order => string.Equals(order.Name, name, StringComparison.Ordinal))
        ?? throw new GraphQlException($"Argument 'sortBy' on Field '{Field}' has an invalid value ({name}). Expected type '[{Node.Name}Sort!]'.");

    private static KeysetCursor ReadCursor(string text, SortOrder order) =>
        KeysetCursor.TryDecode(text, out var cursor) && string.Equals(cursor.Sort, order.Name, StringComparison.Ordinal)
            ? cursor
            : throw new GraphQlException($"Invalid cursor '{text}' for the order {order.Name}");

    private KeyFilter ReadFilter(KeyValuePair<string, object?> filter)
    {
        if (!_filters.TryGetValue(filter.Key, out var known))
            throw new GraphQlException($"InputObject '{Node.Name}Filter' doesn't accept argument '{filter.Key}'");
        if (filter.Value is not string text)
            throw Invalid(filter.Value);
        if (known.Operation == FilterOperation.Equal)
            return new KeyFilter(known.Key, known.Operation, text);
        return Stamps.TryBound(text, out var bound) ? new KeyFilter(known.Key, known.Operation, bound) : throw Invalid(text);

        GraphQlException Invalid(object? value) =>
            new($"Argument '{filter.Key}' on InputObject '{Node.Name}Filter' has an invalid value ({value}). Expected type 'ISO8601DateTime'.");
    }
}
