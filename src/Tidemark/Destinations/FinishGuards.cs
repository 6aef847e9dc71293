using System.Globalization;

namespace Tidemark.Destinations;

/// <summary>What keeps a full scan that went wrong from emptying a table.</summary>
public static class FinishGuards
{
    /// <summary>The error of a scan that brought nothing.</summary>
    /// <param name="table">The table.</param>
    /// <param name="rows">How many rows it has.</param>
    /// <param name="options">What guards it.</param>
    public static DestinationException Empty(string table, long rows, FinishOptions options) => new(DestinationFault.Guard, options.FailedRecords > 0
        ? Text($"the full scan brought no record that could be written ({options.FailedRecords} failed), but '{table}' has {rows} rows: nothing was changed; mend the records and run again")
        : Text($"the full scan brought no record, but '{table}' has {rows} rows: nothing was changed; if the source is really empty set allow_empty: true"));

    /// <summary>Refuses to lose too many rows. An empty result that is allowed may lose all.</summary>
    /// <param name="table">The table.</param>
    /// <param name="rows">How many rows it has.</param>
    /// <param name="lost">How many of them would go.</param>
    /// <param name="isEmpty">True if the scan brought nothing.</param>
    /// <param name="options">What guards it.</param>
    /// <exception cref="DestinationException">It would lose more than it may (<see cref="DestinationFault.Guard"/>).</exception>
    public static void CheckLoss(string table, long rows, long lost, bool isEmpty, FinishOptions options)
    {
        if (lost == 0 || isEmpty || lost <= options.MaxDelete * rows) return;
        throw new DestinationException(DestinationFault.Guard, Text(
            $"the full scan would take {lost} of {rows} rows ({100.0 * lost / rows:0.#} %) from '{table}', more than max_delete ({100 * options.MaxDelete:0.#} %) allows: nothing was changed; if that is right raise max_delete"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
