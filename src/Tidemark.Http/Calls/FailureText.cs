using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using Tidemark.Definitions;

namespace Tidemark.Http.Calls;

/// <summary>Words for failures: what happened, where, and what to do. Pure.</summary>
internal static class FailureText
{
    /// <summary>The message for the user.</summary>
    /// <param name="failure">What happened.</param>
    /// <param name="method">The method.</param>
    /// <param name="url">The address, fit to be shown.</param>
    /// <param name="path">Its path.</param>
    /// <param name="attempts">How often it was sent.</param>
    /// <param name="credential">Which authenticator was used; null: none.</param>
    public static string Of(Failure failure, HttpMethod method, string url, string path, int attempts, string? credential)
    {
        var times = attempts > 1 ? string.Create(CultureInfo.InvariantCulture, $", {attempts} attempts") : "";
        var held = failure.Excerpt.Length > 0 ? $": {failure.Excerpt}" : "";
        return $"{method} {url} {failure.What}{times}{held}; {(failure.Advice.Length > 0 ? failure.Advice : Advice(failure, path, credential))}";
    }

    /// <summary>A call that was not answered in time.</summary>
    /// <param name="timeout">How long it had.</param>
    public static Failure TimedOut(TimeSpan timeout) => new($"gave no whole answer within {Durations.Format(timeout)}")
    {
        Retry = true,
        Advice = "set a longer timeout for the source, or ask for smaller pages",
    };

    /// <summary>A call that could not be sent, or whose answer broke off.</summary>
    /// <param name="error">The error.</param>
    /// <param name="url">The address.</param>
    public static Failure Broken(Exception error, Uri url)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"{url.IdnHost}:{url.Port}");
        var kind = (error as HttpRequestException)?.HttpRequestError ?? (error as HttpIOException)?.HttpRequestError;
        var socket = error as SocketException ?? error.InnerException as SocketException;
        var (what, advice) = kind switch
        {
            HttpRequestError.NameResolutionError => ($"failed: the host name of {place} is not known", "check the source's url and the network"),
            HttpRequestError.SecureConnectionError => ($"failed: no secure connection (TLS) to {place}{Inner(error)}", "check https or http in the source's url, and the server's certificate"),
            _ when error.InnerException is AuthenticationException => ($"failed: no secure connection (TLS) to {place}{Inner(error)}", "check the server's certificate"),
            HttpRequestError.ResponseEnded => ($"failed: the answer of {place} was cut off", "try again later or ask for smaller pages"),
            HttpRequestError.ConnectionError when socket?.SocketErrorCode == SocketError.ConnectionRefused => ($"failed: {place} refused the connection", "check host and port in the source's url: is the server running?"),
            HttpRequestError.ConnectionError => ($"failed: no connection to {place}{Inner(error)}", "check host and port in the source's url, and the network"),
            _ => ($"failed: the connection to {place} broke", "try again later"),
        };
        return new Failure(what) { Retry = true, Advice = advice, Cause = error };
    }

    private static string Inner(Exception error) => error.InnerException is { } inner ? $" ({inner.Message})" : "";

    private static string Advice(Failure failure, string path, string? credential) => failure.Status switch
    {
        401 or 403 when credential is null => "no authenticator is set for the source; give it one",
        401 => $"the credential of the authenticator {credential} was refused; check that it is right and not expired",
        403 => $"the credential of the authenticator {credential} was refused for this request; check its rights",
        404 => $"nothing is at the path '{path}'; check the source's url and the request's path",
        408 => "the server waited too long; try again later",
        429 => "the server limits the calls; try again later",
        >= 500 => "the server has a problem; try again later",
        >= 300 and < 400 => "the server redirects without saying where to; check the source's url",
        _ => "check the request's path, params and body",
    };
}
