using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Tidemark.Simulators.Hosting;

/// <summary>Builds the server round a simulator.</summary>
internal static class SimulatorHost
{
    public static WebApplication Build(SimulatorState state, int port)
    {
        // The empty builder: settings files and variables of the surrounding program must not reach the simulator.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, DetachedLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(500));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            // A client that pauses in the middle of a page is slow, not broken.
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
        });

        var app = builder.Build();
        var pipeline = new CallPipeline(state);
        app.UseRouting();
        app.Use(pipeline.InvokeAsync);
        ControlRoutes.Map(app, state);
        state.Simulator.Map(app);
        app.Map("/{**path}", static context =>
            Answers.ErrorAsync(context, StatusCodes.Status404NotFound, $"Nothing is served at {context.Request.Path}."));
        return app;
    }
}
