namespace Tidemark.MongoDb.Native;

/// <summary>An error as the driver tells it.</summary>
/// <param name="Domain">Where it comes from.</param>
/// <param name="Code">What it is; of the server's domain the server's own code.</param>
/// <param name="Message">In words.</param>
internal sealed record DriverError(uint Domain, uint Code, string Message);
