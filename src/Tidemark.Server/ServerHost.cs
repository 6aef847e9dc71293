using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tidemark.Server.Access;
using Tidemark.Server.Answers;
using Tidemark.Server.Delivery;
using Tidemark.Server.Health;
using Tidemark.Server.Hosting;
using Tidemark.Server.Lookups;
using Tidemark.Server.Setup;
using Tidemark.Server.Metrics;
using Tidemark.Server.OpenApi;
using Tidemark.Server.Operations;
using Tidemark.Server.Pushing;

namespace Tidemark.Server;

/// <summary>Builds the web server round the state of a server.</summary>
internal static class ServerHost
{
    public static WebApplication Build(ServerState state, PushLines lines, InboxDeliveries deliveries)
    {
        var setup = state.Setup;
        // The empty builder: settings files and variables of ASP.NET in the surroundings must not change what we serve.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders().AddProvider(new FrameworkLog(setup.Log));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, HostLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = setup.StopTimeout);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, setup));

        var app = builder.Build();
        var failures = new FailureBoundary(setup.Log);
        var gate = new AccessGate(state.Keys, setup.Addresses.All(a => a.IsLoopback));
        app.Use((context, next) => failures.InvokeAsync(context, next));
        app.UseRouting();
        app.Use((context, next) => gate.InvokeAsync(context, next));
        HealthRoutes.Map(app, state);
        MetricsRoutes.Map(app, state);
        OpenApiRoutes.Map(app, state, lines);
        StatusRoutes.Map(app, state);
        RunRoutes.Map(app, state);
        FailedRoutes.Map(app, state);
        PushRoutes.Map(app, state, lines);
        LookupRoutes.Map(app, state);
        BatchRoutes.Map(app, state, lines, deliveries);
        return app;
    }

    private static void Configure(KestrelServerOptions kestrel, ServerSetup setup)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = setup.Pipeline.Server.MaxBodySize;
        kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
        foreach (var address in setup.Addresses)
        {
            if (address.Address is null) kestrel.ListenLocalhost(address.Port);
            else if (address.Address.Equals(IPAddress.IPv6Any)) kestrel.ListenAnyIP(address.Port);
            else kestrel.Listen(address.Address, address.Port);
        }
    }
}
