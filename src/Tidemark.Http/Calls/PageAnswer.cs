using Tidemark.Http.Wire;
using Tidemark.Records;

namespace Tidemark.Http.Calls;

/// <summary>An answer that is a page.</summary>
/// <param name="Raw">The answer; who takes the page owns its body.</param>
/// <param name="Records">Its records.</param>
/// <param name="Ends">True if the paging ends with it.</param>
internal sealed record PageAnswer(RawAnswer Raw, List<RecordSlice> Records, bool Ends);
