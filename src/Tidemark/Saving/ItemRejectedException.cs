namespace Tidemark.Saving;

/// <summary>An item was not written, because of what it is: once more would not help.</summary>
/// <param name="reason">What was found, what was expected.</param>
public sealed class ItemRejectedException(string reason) : Exception(reason);
