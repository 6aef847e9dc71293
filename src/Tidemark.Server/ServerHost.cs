using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tidemark.Server.Access;
using Tidemark.Server.Answers;
using Tidemark.Server.Delivery;
using Tidemark.Server.Generations;
using Tidemark.Server.Health;
using Tidemark.Server.Hosting;
using Tidemark.Server.Lookups;
using Tidemark.Server.Setup;
using Tidemark.Server.Metrics;
using Tidemark.Server.OpenApi;
using Tidemark.Server.Operations;
using Tidemark.Server.Pushing;

namespace Tidemark.Server;

/// <summary>Builds the web server. What it answers is a generation's, and may change while it listens.</summary>
internal static class ServerHost
{
    public static WebApplication Build(ServerSetup setup)
    {
        // The empty builder: settings files and variables of ASP.NET in the surroundings must not change what we serve.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders().AddProvider(new FrameworkLog(setup.Log));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, HostLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = setup.StopTimeout);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, setup));
        return builder.Build();
    }

    /// <summary>Has a server answer by the generation that holds.</summary>
    public static void Use(WebApplication app, GenerationSwitch generations, ServerSetup setup)
    {
        var failures = new FailureBoundary(setup.Log);
        app.Use((context, next) => failures.InvokeAsync(context, next));
        app.Run(generations.AnswerAsync);
    }

    /// <summary>What a generation answers.</summary>
    public static RequestDelegate Routes(IServiceProvider services, Generation generation)
    {
        var (state, lines) = (generation.State, generation.Lines);
        var gate = new AccessGate(state.Keys, state.Setup.Addresses.All(a => a.IsLoopback));
        var routes = new ApplicationBuilder(services);
        routes.Use((context, next) =>
        {
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body) body.MaxRequestBodySize = state.Setup.Pipeline.Server.MaxBodySize;
            return next(context);
        });
        routes.UseRouting();
        routes.Use((context, next) => gate.InvokeAsync(context, next));
        routes.UseEndpoints(endpoints =>
        {
            HealthRoutes.Map(endpoints, state);
            MetricsRoutes.Map(endpoints, state);
            OpenApiRoutes.Map(endpoints, state, lines);
            StatusRoutes.Map(endpoints, state);
            RunRoutes.Map(endpoints, state);
            FailedRoutes.Map(endpoints, state);
            PushRoutes.Map(endpoints, state, lines);
            LookupRoutes.Map(endpoints, state);
            BatchRoutes.Map(endpoints, state, lines, generation.Deliveries);
            generation.Endpoints = [.. endpoints.DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()];
        });
        return routes.Build();
    }

    private static void Configure(KestrelServerOptions kestrel, ServerSetup setup)
    {
        kestrel.AddServerHeader = false;
        kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
        foreach (var address in setup.Addresses)
        {
            if (address.Address is null) kestrel.ListenLocalhost(address.Port);
            else if (address.Address.Equals(IPAddress.IPv6Any)) kestrel.ListenAnyIP(address.Port);
            else kestrel.Listen(address.Address, address.Port);
        }
    }
}
