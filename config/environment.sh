#!/bin/sh
# Bring .venv in line with the pinned requirements: `config/environment.sh run`
# installs what the portal needs, `… test` what its tests and checks need as well.
# A stamp with the hash of the requirements makes a second call instant.
set -eu
cd "$(dirname "$0")/.."

case "${1:-}" in
  run) requirements=requirements.txt ;;
  test) requirements=requirements-dev.txt ;;
  *) echo 'usage: config/environment.sh run|test' >&2; exit 2 ;;
esac

is_right() {
  [ -n "$1" ] && "$1" -c \
    'import sys; sys.exit(not (3, 12) <= sys.version_info[:2] < (3, 14))' 2>/dev/null
}

# A pyenv shim named python3.13 stands on PATH even where it only answers 127, so
# every candidate is asked for its version, and the answer is the real file.
find_python() {
  for candidate in "${DENGTA_PYTHON:-}" python3.13 python3.12 python3; do
    if is_right "$candidate"; then
      "$candidate" -c 'import sys; print(sys.executable)'
      return
    fi
  done
  for root in "${PYENV_ROOT:-}" "$(pyenv root 2>/dev/null || true)" \
    "${HOME:-}/.pyenv" "$(getent passwd "$(id -u)" | cut -d: -f6)/.pyenv"; do
    for candidate in "$root"/versions/3.13*/bin/python3 "$root"/versions/3.12*/bin/python3; do
      if is_right "$candidate"; then
        echo "$candidate"
        return
      fi
    done
  done
  uv python find 3.13 2>/dev/null && return
  uv python find 3.12 2>/dev/null && return
  echo 'Python 3.13 or 3.12 is needed: "pyenv install 3.13" or "uv python install 3.13"' \
    'brings one; DENGTA_PYTHON=/path/to/python3 names one.' >&2
  return 1
}

hash_of() { sha256sum "$@" | sha256sum | cut -c1-64; }

runtime_hash=$(hash_of requirements.txt)
test_hash=$(hash_of requirements.txt requirements-dev.txt)
if [ "$1" = run ]; then wanted=$runtime_hash; else wanted=$test_hash; fi

if is_right .venv/bin/python && [ "$(cat ".venv/stamp-$1" 2>/dev/null)" = "$wanted" ]; then
  exit 0
fi

if ! is_right .venv/bin/python; then
  python=$(find_python)
  rm -rf .venv
  if ! "$python" -m venv .venv; then
    echo "$python cannot make an environment; on Debian: apt-get install python3-venv" >&2
    exit 1
  fi
fi

# uv is only an accelerator, and reads no pip.conf; where it fails, pip does the work.
echo "Installing $requirements into .venv …"
if ! { .venv/bin/python -m pip install --quiet --disable-pip-version-check \
    --require-hashes --requirement requirements-installer.txt &&
  .venv/bin/python -m uv pip install --quiet --require-hashes --link-mode copy \
    --python .venv/bin/python --requirements "$requirements"; } 2>.venv/uv.log; then
  .venv/bin/python -m pip install --quiet --disable-pip-version-check \
    --require-hashes --requirement "$requirements"
fi

echo "$runtime_hash" >.venv/stamp-run
if [ "$1" = test ]; then echo "$test_hash" >.venv/stamp-test; fi
