using System.CommandLine;

namespace Tidemark.Cli.Commands.Keys;

internal static class KeyCommand
{
    public static Command Create() =>
        new Command("key", "API keys of tidemark serve: who may post to which route, and who may operate it.")
        {
            KeyAdd.Create(),
            KeyList.Create(),
            KeyRevoke.Create(),
        }.WithExamples("""
            tidemark key add n8n --route /api/v1/integrations/kpi/sync
            tidemark key add operator --admin
            tidemark key list
            tidemark key revoke n8n
            """);
}
