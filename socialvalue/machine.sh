# What ./start and ./test both need of the machine: a Python, a virtual environment, system packages.
# Sourced, never run. Needs the project's folder as the current one.

say() { printf '%s\n' "$*"; }

stop_with() {
    printf '%s\n' "$*" >&2
    exit 1
}

is_root() { [ "$(id -u)" = 0 ]; }

# Install Debian packages where we may; otherwise say which line does it and stop.
need_packages() {
    if is_root && command -v apt-get >/dev/null; then
        say "Installing $* (once)"
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@"; } \
            >/tmp/sv-apt.$$ 2>&1 || { cat /tmp/sv-apt.$$ >&2; rm -f /tmp/sv-apt.$$; stop_with "Could not install $*."; }
        rm -f /tmp/sv-apt.$$
    else
        stop_with "This needs $*, which only an administrator of this machine can install:
    sudo apt-get update && sudo apt-get install --no-install-recommends $*"
    fi
}

# Print the first Python that is new enough; nothing where there is none.
find_python() {
    local name
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null &&
            "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
}

# Make .venv hold the pinned packages of a requirements file. Skipped while neither file has changed.
prepare_venv() {
    local file=$1 python wanted kept=.venv/.installed-$1
    wanted=$(cat requirements.txt "$file" | cksum)
    [ -x .venv/bin/python ] && [ "$(cat "$kept" 2>/dev/null)" = "$wanted" ] && return
    python=$(find_python)
    if [ -z "$python" ]; then
        command -v python3 >/dev/null &&
            stop_with "This needs Python 3.11 or newer; this machine has $(python3 --version 2>&1)."
        need_packages python3 python3-venv
        python=$(find_python)
        [ -n "$python" ] || stop_with "This needs Python 3.11 or newer."
    fi
    "$python" -c 'import ensurepip, venv' 2>/dev/null || need_packages python3-venv
    if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
        say "Making the virtual environment .venv"
        "$python" -m venv --clear .venv || stop_with "Could not make .venv with $python."
    fi
    say "Installing the packages of $file (once; about half a minute)"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input -r "$file" ||
        stop_with "Could not install the packages of $file. Is the package index reachable?"
    printf '%s' "$wanted" >"$kept"
}
