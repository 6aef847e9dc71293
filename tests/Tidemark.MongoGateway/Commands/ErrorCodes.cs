using System.Globalization;

namespace Tidemark.MongoGateway.Commands;

/// <summary>
/// MongoDB's codes for DocumentDB's SQLSTATEs. Its own are 'M' and a number of four digits to the base of 36, the place of the error in its list; items of a write carry the SQLSTATE
/// packed into 32 bits, six for each of its signs, the first lowest.
/// </summary>
internal static class ErrorCodes
{
    public const int InternalError = 1;
    public const int DuplicateKey = 11000;
    public const int WriteConflict = 112;
    public const int CommandNotFound = 59;
    public const int CursorNotFound = 43;

    private static readonly Dictionary<string, int> States = new(StringComparer.Ordinal)
    {
        ["M0001"] = 2,
        ["M0003"] = 9,
        ["M0004"] = 14,
        ["M0005"] = 15,
        ["M0006"] = 20,
        ["M0008"] = 26,
        ["M0009"] = 27,
        ["M000A"] = 28,
        ["M000D"] = 40,
        ["M000E"] = CursorNotFound,
        ["M000F"] = 48,
        ["M000G"] = 52,
        ["M000J"] = 56,
        ["M000K"] = 57,
        ["M000M"] = 66,
        ["M000N"] = 67,
        ["M000O"] = 68,
        ["M000P"] = 72,
        ["M000Q"] = 73,
        ["M000R"] = 85,
        ["M000S"] = 86,
        ["M000U"] = 115,
        ["M001B"] = 10334,
        ["M001C"] = DuplicateKey,
        ["M003A"] = 17419,
        ["M003B"] = 17420,
        ["M0087"] = 40414,
        ["M0088"] = 40415,
        ["M00EY"] = CommandNotFound,
        ["M00F1"] = WriteConflict,
        // PostgreSQL's own: a broken unique index or constraint, a deadlock, a serialization failure, a lock not had, a row or a value that is too large.
        ["23505"] = DuplicateKey,
        ["23P01"] = DuplicateKey,
        ["40P01"] = WriteConflict,
        ["40001"] = WriteConflict,
        ["55P03"] = WriteConflict,
        ["54000"] = 10334,
    };

    private static readonly Dictionary<int, string> Names = new()
    {
        [2] = "BadValue",
        [9] = "FailedToParse",
        [13] = "Unauthorized",
        [14] = "TypeMismatch",
        [18] = "AuthenticationFailed",
        [26] = "NamespaceNotFound",
        [27] = "IndexNotFound",
        [CursorNotFound] = "CursorNotFound",
        [48] = "NamespaceExists",
        [CommandNotFound] = "CommandNotFound",
        [66] = "ImmutableField",
        [73] = "InvalidNamespace",
        [85] = "IndexOptionsConflict",
        [86] = "IndexKeySpecsConflict",
        [WriteConflict] = "WriteConflict",
        [10334] = "BSONObjectTooLarge",
        [DuplicateKey] = "DuplicateKey",
    };

    /// <summary>The code of a SQLSTATE; <see cref="InternalError"/> for one that is not known here.</summary>
    public static int Of(string state) => States.GetValueOrDefault(state, InternalError);

    /// <summary>The code of an item of a write.</summary>
    public static int OfPacked(int packed) => Of(string.Create(5, packed, (signs, bits) =>
    {
        for (var i = 0; i < signs.Length; i++) signs[i] = (char)('0' + ((bits >> (6 * i)) & 0x3f));
    }));

    /// <summary>A code's name.</summary>
    public static string Name(int code) => Names.GetValueOrDefault(code) ?? "Location" + code.ToString(CultureInfo.InvariantCulture);
}
