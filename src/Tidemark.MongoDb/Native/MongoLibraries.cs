using System.Reflection;
using System.Runtime.InteropServices;
using Tidemark.Destinations;

namespace Tidemark.MongoDb.Native;

/// <summary>Finds MongoDB's C driver on this machine: libmongoc 2.x, else 1.x, or the file that <c>TIDEMARK_LIBMONGOC</c> names.</summary>
internal static class MongoLibraries
{
    /// <summary>How the functions of the driver name their library.</summary>
    public const string Mongoc = "tidemark-mongoc";

    /// <summary>How the functions of its documents name theirs.</summary>
    public const string Bson = "tidemark-bson";

    private const string Variable = "TIDEMARK_LIBMONGOC";

    private static readonly Lock Gate = new();
    private static nint _mongoc;
    private static nint _bson;

    // A driver and its documents go together.
    private static (string Mongoc, string Bson)[] Candidates =>
        OperatingSystem.IsWindows() ? [("mongoc2.dll", "bson2.dll"), ("mongoc-2.0.dll", "bson-2.0.dll"), ("mongoc-1.0.dll", "bson-1.0.dll")]
        : OperatingSystem.IsMacOS() ? [("libmongoc2.2.dylib", "libbson2.2.dylib"), ("libmongoc-1.0.0.dylib", "libbson-1.0.0.dylib"), ("libmongoc-1.0.dylib", "libbson-1.0.dylib")]
        : [("libmongoc2.so.2", "libbson2.so.2"), ("libmongoc-1.0.so.0", "libbson-1.0.so.0")];

    /// <summary>Loads it, once.</summary>
    /// <exception cref="DestinationException">It is not there.</exception>
    public static void Load()
    {
        lock (Gate)
        {
            if (_mongoc != 0) return;
            Find();
            NativeLibrary.SetDllImportResolver(typeof(MongoLibraries).Assembly, Resolve);
            LibMongoc.Init();
            // Its warnings go nowhere: what matters comes as an error.
            LibMongoc.SetLogHandler(0, 0);
        }
    }

    private static void Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            if (!NativeLibrary.TryLoad(named, out _mongoc)) throw new DestinationException(DestinationFault.Fatal, $"MongoDB's C driver is not at '{named}', which {Variable} names: give the path of libmongoc, or take the variable out");
            _bson = _mongoc;
            return;
        }
        foreach (var (mongoc, bson) in Candidates)
        {
            if (!NativeLibrary.TryLoad(mongoc, out _mongoc)) continue;
            // Where it can't be loaded by its name, its functions are found through the driver that needs it.
            if (!NativeLibrary.TryLoad(bson, out _bson)) _bson = _mongoc;
            return;
        }
        throw new DestinationException(DestinationFault.Fatal,
            $"a destination of type mongodb needs MongoDB's C driver, and none of {string.Join(", ", Candidates.Select(c => c.Mongoc))} is on this machine: apt-get install libmongoc-1.0-0 (Debian, Ubuntu), "
            + $"dnf install mongo-c-driver-libs (Fedora), brew install mongo-c-driver (macOS), or name the library's file in {Variable}");
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name switch
    {
        Mongoc => _mongoc,
        Bson => _bson,
        _ => 0,
    };
}
