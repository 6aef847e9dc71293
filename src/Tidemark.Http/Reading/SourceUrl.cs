using Tidemark.Definitions;

namespace Tidemark.Http.Reading;

/// <summary>User info in an address is a way to write basic authentication.</summary>
internal static class SourceUrl
{
    public static Uri WithoutUser(Uri url) => url.UserInfo.Length == 0 ? url : new UriBuilder(url) { UserName = "", Password = "" }.Uri;

    public static Authenticator? UserOf(Uri url)
    {
        if (url.UserInfo.Length == 0) return null;
        var parts = url.UserInfo.Split(':', 2);
        return new BasicAuthenticator
        {
            Username = Uri.UnescapeDataString(parts[0]),
            Password = new Secret(parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : ""),
        };
    }
}
