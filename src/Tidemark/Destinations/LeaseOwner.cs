using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Tidemark.Destinations;

/// <summary>Who holds a lease, in words for people and with enough for another process of the same machine to see that the holder is dead.</summary>
/// <remarks>The text is <c>HOST pid N since TIME [BOOT NAMESPACE START]</c>; the part in brackets is not shown.</remarks>
public static partial class LeaseOwner
{
    // The state of a process comes third and its start, in ticks since boot, 22nd; both are counted behind the name in parentheses.
    private const int StateField = 0;
    private const int StartField = 19;

    /// <summary>This process.</summary>
    /// <param name="time">The clock.</param>
    public static string Current(TimeProvider time) => Of(Environment.ProcessId, time);

    /// <summary>A process of this machine.</summary>
    /// <param name="pid">Its id.</param>
    /// <param name="time">The clock.</param>
    public static string Of(int pid, TimeProvider time) => string.Create(CultureInfo.InvariantCulture,
        $"{Environment.MachineName} pid {pid} since {time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ} [{Boot()} {Namespace()} {StartOf(pid) ?? "-"}]");

    /// <summary>The part for people.</summary>
    /// <param name="owner">The whole text.</param>
    public static string ForPeople(string owner) => owner.LastIndexOf(" [", StringComparison.Ordinal) is > 0 and var at ? owner[..at] : owner;

    /// <summary>True if the holder is known to be dead: it ran on this machine since its last start, and its process is gone or is another one.</summary>
    /// <param name="owner">The whole text.</param>
    public static bool IsDead(string owner) => Local(owner) is { Runs: false };

    /// <summary>The holder's process if it is seen to run on this machine; null: it is dead, or nothing is known of it here.</summary>
    /// <param name="owner">The whole text.</param>
    public static int? ProcessOf(string owner) => Local(owner) is { Runs: true } process ? process.Id : null;

    /// <summary>Since when it holds the lease, to the second below; null: the text does not tell.</summary>
    /// <param name="owner">The whole text.</param>
    public static DateTimeOffset? SinceOf(string owner) =>
        Parts().Match(owner) is { Success: true } match && DateTimeOffset.TryParse(match.Groups["since"].ValueSpan, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since) ? since : null;

    // Null unless the holder is, or was, a process that can be seen from here.
    private static (int Id, bool Runs)? Local(string owner)
    {
        var match = Parts().Match(owner);
        return match.Success
            && string.Equals(match.Groups["host"].Value, Environment.MachineName, StringComparison.Ordinal)
            && string.Equals(match.Groups["boot"].Value, Boot(), StringComparison.Ordinal)
            // A process of another container may run although it is not seen here.
            && string.Equals(match.Groups["namespace"].Value, Namespace(), StringComparison.Ordinal)
            && int.TryParse(match.Groups["pid"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            ? (pid, string.Equals(StartOf(pid), match.Groups["start"].Value, StringComparison.Ordinal))
            : null;
    }

    private static string Boot()
    {
        const string File = "/proc/sys/kernel/random/boot_id";
        return System.IO.File.Exists(File) ? System.IO.File.ReadAllText(File).Trim() : "-";
    }

    private static string Namespace()
    {
        try
        {
            return File.ResolveLinkTarget("/proc/self/ns/pid", returnFinalTarget: false)?.Name ?? "-";
        }
        catch (IOException)
        {
            return "-";
        }
        catch (UnauthorizedAccessException)
        {
            return "-";
        }
    }

    // Null if no such process runs.
    private static string? StartOf(int pid)
    {
        try
        {
            if (!OperatingSystem.IsLinux())
            {
                using var process = Process.GetProcessById(pid);
                return process.StartTime.Ticks.ToString(CultureInfo.InvariantCulture);
            }
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[StateField] is "Z" or "X" ? null : fields[StartField];
        }
        catch (Exception e) when (e is IOException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^(?<host>.*) pid (?<pid>\d+) since (?<since>\S+) \[(?<boot>\S+) (?<namespace>\S+) (?<start>\S+)\]$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parts();
}
