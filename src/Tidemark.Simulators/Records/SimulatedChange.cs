using System.Text;

namespace Tidemark.Simulators.Records;

/// <summary>One record as a change left it.</summary>
internal sealed record SimulatedChange(string Kind, ChangeOperation Operation, SimulatedRecord Record)
{
    public byte[] ToUtf8()
    {
        var operation = Operation == ChangeOperation.Insert ? "insert" : "update";
        return [.. Encoding.UTF8.GetBytes($$"""{"kind":"{{Kind}}","op":"{{operation}}","record":"""), .. Record.Utf8, (byte)'}'];
    }
}
