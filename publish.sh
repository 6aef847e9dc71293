#!/usr/bin/env bash
# Builds Tidemark as it is released: a folder that runs without an installed .NET. Tidemark and the .NET runtime are compiled ahead of time as one (composite ReadyToRun): a run
# starts sooner, and the CPU's time goes to records instead of compiling. On x64 for processors with AVX2 (2013 and later); older ones compile as they go.
#   ./publish.sh             for this machine, into artifacts/release
#   ./publish.sh win-x64     for another platform
set -euo pipefail
root=$(cd -- "$(dirname -- "$0")" && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
platform=${1:-$(dotnet --info | awk '$1 == "RID:" { print $2 }')}
case $platform in debian* | ubuntu*) platform=linux-${platform##*-} ;; esac
out=$root/artifacts/release/$platform
# A folder of its own, and no lock files: the platform and the compiler that it needs have no place in those of the sources. Versions are pinned centrally all the same.
dotnet publish "$root/src/Tidemark.Cli/Tidemark.Cli.csproj" -c Release -r "$platform" -v quiet -nologo \
  -p:PublishReadyToRun=true -p:RunAnalyzers=false -p:GenerateDocumentationFile=false \
  -p:RestorePackagesWithLockFile=false -p:RestoreLockedMode=false "-p:NuGetLockFilePath=$root/artifacts/work/none.lock.json" \
  -p:ArtifactsPath="$root/artifacts/work" -o "$out" >&2
echo "$out/Tidemark.Cli"
