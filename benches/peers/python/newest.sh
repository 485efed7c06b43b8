#!/bin/bash
# Prints the path of the newest Python of this machine that can make an environment: of those on PATH and those that pyenv and uv have
# installed. PYTHON names another. The peers need 3.12 or newer, as Mesa and NumPy do.
set -euo pipefail

at_least=3.12
if [[ -n ${PYTHON:-} ]]; then
    candidates=("$PYTHON")
else
    IFS=: read -ra folders <<<"$PATH"
    shopt -s nullglob
    candidates=()
    for folder in "${folders[@]}"; do
        candidates+=("$folder"/python3 "$folder"/python3.[0-9] "$folder"/python3.[0-9][0-9])
    done
    candidates+=("${PYENV_ROOT:-${HOME:-}/.pyenv}"/versions/*/bin/python3)
    candidates+=("${UV_PYTHON_INSTALL_DIR:-${XDG_DATA_HOME:-${HOME:-}/.local/share}/uv/python}"/*/bin/python3)
fi

# A candidate that does not run is passed over: pyenv puts names of versions on PATH that are not switched on. So is one without
# ensurepip, and one before its release.
for candidate in "${candidates[@]}"; do
    "$candidate" -c 'if True:
        import ensurepip, platform, sys
        if sys.version_info.releaselevel == "final":
            print(platform.python_version(), sys.executable)' 2>/dev/null || true
done | sort -s -V -k 1,1 | tail -n 1 | {
    read -r version path || version=
    if [[ -z $version || $(printf '%s\n' "$at_least" "$version" | sort -V | head -n 1) != "$at_least" ]]; then
        found="nothing of the kind${PYTHON:+ at $PYTHON}"
        echo "the peers need Python $at_least or newer with venv, and there is ${version:-$found}:" \
            'install one, or name it, `make peers PYTHON=/path/to/python3`' >&2
        exit 1
    fi
    printf '%s\n' "$path"
}
