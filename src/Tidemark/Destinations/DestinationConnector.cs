using Tidemark.Definitions;

namespace Tidemark.Destinations;

/// <summary>The registration of one type of destination: what it is called, and how its definition is read from a configuration.</summary>
/// <param name="type">The value of <c>type</c>.</param>
public abstract class DestinationConnector(string type)
{
    /// <summary>The value of <c>type</c>.</summary>
    public string Type { get; } = type;

    /// <summary>Adds the destination's keys to the choice of destinations.</summary>
    /// <param name="variants">The choice.</param>
    public abstract void AddTo(Variants<DestinationDefinition> variants);

    /// <summary>The definition that a URL without <c>type</c> stands for, e.g. <c>sqlite:crm.db</c>; null if it is not of this type.</summary>
    /// <param name="url">The URL.</param>
    /// <param name="baseDirectory">What relative paths are relative to.</param>
    public abstract DestinationDefinition? FromUrl(string url, string baseDirectory);
}

/// <summary>The registration of one type of destination.</summary>
/// <typeparam name="T">Its definition.</typeparam>
/// <param name="type">The value of <c>type</c>.</param>
/// <param name="shape">Its keys, <c>type</c> excepted.</param>
/// <param name="fromUrl">The definition that a URL stands for, given the directory that relative paths are relative to; null if it is not of this type.</param>
public sealed class DestinationConnector<T>(string type, Shape<T> shape, Func<string, string, T?> fromUrl) : DestinationConnector(type)
    where T : DestinationDefinition
{
    /// <inheritdoc/>
    public override void AddTo(Variants<DestinationDefinition> variants) => variants.Add(Type, shape);

    /// <inheritdoc/>
    public override DestinationDefinition? FromUrl(string url, string baseDirectory) => fromUrl(url, baseDirectory);
}
