using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace Tidemark.Saving;

/// <summary>Batch writers for dependency injection.</summary>
public static class BatchWriterServices
{
    /// <summary>Adds a <see cref="BatchWriter{T}"/> that all share. Whoever disposes the services asynchronously, as a host does, writes what waits.</summary>
    /// <typeparam name="T">What is written.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="options">Where it writes, and when; may look up other services, such as the clock.</param>
    /// <param name="json">How it becomes JSON.</param>
    public static IServiceCollection AddTidemarkBatchWriter<T>(this IServiceCollection services, Func<IServiceProvider, BatchWriterOptions> options, JsonTypeInfo<T> json)
    {
        ArgumentNullException.ThrowIfNull(options);
        return services.AddSingleton(provider => new BatchWriter<T>(options(provider), json));
    }
}
