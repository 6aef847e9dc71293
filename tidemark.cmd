@echo off
rem Builds Tidemark when its sources are newer than the build, then runs it.
setlocal
set "root=%~dp0"
set "app=%root%artifacts\bin\Tidemark.Cli\release\Tidemark.Cli.dll"
dotnet --list-sdks 2>nul | findstr /b "10." >nul
if errorlevel 1 (
  echo tidemark: the .NET SDK 10 is missing. Get it at https://dotnet.microsoft.com/download/dotnet/10.0 1>&2
  exit /b 2
)
rem MSBuild itself knows what is newer; it takes a moment, so it is asked only where the build is missing or sources changed.
powershell -NoProfile -Command "$a = Get-Item -ErrorAction SilentlyContinue '%app%'; if (-not $a -or (Get-ChildItem -Recurse '%root%src','%root%recipes' -Include *.cs,*.csproj,*.yaml,*.sql | Where-Object LastWriteTime -gt $a.LastWriteTime | Select-Object -First 1)) { exit 1 }"
if errorlevel 1 (
  echo tidemark: building 1>&2
  dotnet build "%root%src\Tidemark.Cli\Tidemark.Cli.csproj" -c Release -v quiet -nologo -p:RunAnalyzers=false -p:GenerateDocumentationFile=false 1>&2
  if errorlevel 1 exit /b 2
  powershell -NoProfile -Command "(Get-Item '%app%').LastWriteTime = Get-Date"
)
dotnet "%app%" %*
exit /b %errorlevel%
