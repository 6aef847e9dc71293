#!/usr/bin/env bash
# Builds Tidemark as it is released: compiled ahead of time (ReadyToRun) for one platform; it needs the .NET 10 runtime, not the SDK.
#   ./publish.sh             for this machine, into artifacts/release
#   ./publish.sh win-x64     for another platform
set -euo pipefail
root=$(cd -- "$(dirname -- "$0")" && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
platform=${1:-$(dotnet --info | awk '$1 == "RID:" { print $2 }')}
case $platform in debian* | ubuntu*) platform=linux-${platform##*-} ;; esac
out=$root/artifacts/release/$platform
# A folder of its own, lock files too: the platform and the compiler that it needs have no place in those of the sources. Versions are pinned centrally all the same.
dotnet publish "$root/src/Tidemark.Cli/Tidemark.Cli.csproj" -c Release -r "$platform" --self-contained false -v quiet -nologo \
  -p:PublishReadyToRun=true -p:RunAnalyzers=false -p:GenerateDocumentationFile=false \
  -p:ArtifactsPath="$root/artifacts/work" "-p:NuGetLockFilePath=$root/artifacts/work/\$(MSBuildProjectName).lock.json" -o "$out" >&2
echo "$out/Tidemark.Cli"
