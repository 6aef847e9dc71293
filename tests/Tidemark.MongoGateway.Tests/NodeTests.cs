using System.Diagnostics;
using System.Globalization;

namespace Tidemark.MongoGateway.Tests;

/// <summary>A second official driver uses the gateway: what it finds wrong is the gateway's fault, not a habit of libmongoc that the gateway would share.</summary>
[Collection(MongoCollection.Name)]
public sealed class NodeTests(MongoServer server)
{
    [NodeFact]
    public async Task Driver_for_Node_passes_its_checks()
    {
        using var node = Process.Start(new ProcessStartInfo("node", ["--test", "--test-reporter=tap", "checks.mjs"])
        {
            WorkingDirectory = NodeFactAttribute.Directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment = { ["GATEWAY"] = MongoGatewayProcess.Program, ["POSTGRESQL_PORT"] = server.Server.Port.ToString(CultureInfo.InvariantCulture) },
        })!;
        var error = node.StandardError.ReadToEndAsync();
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        node.ExitCode.ShouldBe(0, output + await error);
        output.ShouldContain("# fail 0");
        output.ShouldContain("# pass 18");
    }
}
