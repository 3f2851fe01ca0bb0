#!/usr/bin/env bash
# Writes new public members into PublicAPI.Unshipped.txt, so that a change of the surface shows as a diff of that file.
set -euo pipefail
cd "$(dirname "$0")/.."
for project in src/SuperCache.Core src/SuperCache.Extensions; do
  printf '#nullable enable\n' >"$project/PublicAPI.Unshipped.txt"
  dotnet format analyzers "$project" --diagnostics RS0016 --severity warn --verbosity quiet
done
