# What the tests of `cluster/` share: checks that are counted, and what it means that two runs are the same.

passed=0
failed=0

# check WHAT COMMAND...: counts, and says what does not hold.
check() {
  local what=$1
  shift
  if "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED: $what" >&2
  fi
}

# Every file to the byte, and all of run.json but when and by which commands it was made, and its checksum of that.
same() {
  diff -r --exclude run.json "$1" "$2" || return 1
  python3 - "$1" "$2" <<'PYTHON'
import json, pathlib, sys

def manifest(run):
    found = json.loads((pathlib.Path(run) / "run.json").read_text())
    return {key: value for key, value in found.items() if key not in ("timing", "commands", "sha256")}

sys.exit(manifest(sys.argv[1]) != manifest(sys.argv[2]))
PYTHON
}

# A program in the place of peerlab, which is killed with SIGKILL once, in the middle of the shard it is asked for: dying_in SHARD WRAPPER.
dying_in() {
  cat >"$2" <<WRAPPER
#!/usr/bin/env bash
set -u
mark="$2.died"
if [[ " \$* " == *" --shard $1 "* ]] && mkdir "\$mark" 2>/dev/null; then
  out="\${!#}"
  "$PEERLAB" "\$@" --save-every 0 &
  running=\$!
  until [ -s "\$out/.partial/journal/log" ]; do
    kill -0 \$running || { echo ended too early > "\$mark/early"; exit 1; }
    sleep 0.002
  done
  kill -9 \$running
  wait \$running
  kill -9 \$\$
fi
exec "$PEERLAB" "\$@"
WRAPPER
  chmod +x "$2"
}

finish() {
  echo "$passed passed, $failed failed"
  exit $((failed > 0))
}
