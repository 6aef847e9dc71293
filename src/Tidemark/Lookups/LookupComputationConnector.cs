using Tidemark.Definitions;

namespace Tidemark.Lookups;

/// <summary>The registration of one type of computation: what it is called, and how it is read from a configuration.</summary>
/// <param name="type">The value of <c>type</c>.</param>
public abstract class LookupComputationConnector(string type)
{
    /// <summary>The value of <c>type</c>.</summary>
    public string Type { get; } = type;

    /// <summary>Adds its keys to the choice of computations.</summary>
    /// <param name="variants">The choice.</param>
    public abstract void AddTo(Variants<ILookupComputation> variants);
}

/// <summary>The registration of one type of computation.</summary>
/// <typeparam name="T">The computation.</typeparam>
/// <param name="type">The value of <c>type</c>.</param>
/// <param name="shape">Its keys, <c>type</c> excepted.</param>
public sealed class LookupComputationConnector<T>(string type, Shape<T> shape) : LookupComputationConnector(type) where T : class, ILookupComputation
{
    /// <inheritdoc/>
    public override void AddTo(Variants<ILookupComputation> variants) => variants.Add(Type, shape);
}
