#!/bin/sh
# Runs every test of a build: unit tests, screen scripts, faults; or the programs that are named. A test that cannot run fails. Ends with the line
# "N passed, N failed"; the exit status is 0 only where none failed.
set -u
build=$(cd "$1" && pwd) || exit 2
shift
here=$(dirname "$0")
log=$build/tests/log
mkdir -p "$log"
passed=0
failed=0

# Counts the lines "ok NAME" and "not ok NAME" of one program, and a program that ended badly without saying which
# test failed as one more failure.
count() { # NAME STATUS LOG
    good=$(grep -c '^ok ' "$3")
    bad=$(grep -c '^not ok ' "$3")
    if [ "$2" != 0 ] && [ "$bad" = 0 ]; then bad=1; fi
    if [ "$good" = 0 ] && [ "$bad" = 0 ]; then bad=1; fi
    passed=$((passed + good))
    failed=$((failed + bad))
    if [ "$bad" != 0 ]; then
        echo "--- $1 (exit $2)"
        grep -v '^ok ' "$3" | tail -n 60
    else
        printf '%-28s %4d passed\n' "$1" "$good"
    fi
}

# With LC_ALL and TZ fixed, what the tests see is the same everywhere.
export LC_ALL=C.UTF-8 TZ=UTC LANGUAGE=
unset JAZARI_CONF JAZARI_CLOCK NO_COLOR XDG_CONFIG_HOME XDG_STATE_HOME 2>/dev/null
HOME=$build/tests/home
mkdir -p "$HOME"
export HOME
export CMOCKA_MESSAGE_OUTPUT=TAP JAZARI="$build/jazari" DISK="$build/tests/disk.so" MEMORY="$build/tests/memory.so" \
    STACK="$build/tests/stack.so"

program() { # NAME
    "$build/tests/$1" >"$log/$1" 2>&1
    count "$1" $? "$log/$1"
    grep '^# .*measured' "$log/$1" | sed 's/^# /    /'
}

if [ $# -gt 0 ]; then
    for name in "$@"; do
        program "$name"
    done
else
    for path in "$build"/tests/test_* "$build"/tests/fault_*; do
        case $path in *.d | *.o | *\*) continue ;; esac
        [ -x "$path" ] && program "$(basename "$path")"
    done
    for script in "$here"/screen/*.screen; do
        [ -e "$script" ] || continue
        name=$(basename "$script" .screen)
        "$build/tests/screen/driver" -p "$build/jazari" "$script" >"$log/$name.screen" 2>&1
        count "$name.screen" $? "$log/$name.screen"
    done
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
