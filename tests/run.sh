#!/bin/sh
# Runs every test of a build: unit tests and faults, and beside them the screen scripts (both wait more than they work);
# or the programs that are named. A test that cannot run fails. Ends with the line "N passed, N failed"; the exit status
# is 0 only where none failed.
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
home=$build/tests/home
mkdir -p "$home/programs" "$home/screens"
HOME=$home/programs
export HOME
export CMOCKA_MESSAGE_OUTPUT=TAP JAZARI="$build/jazari" DISK="$build/tests/disk.so" MEMORY="$build/tests/memory.so" \
    STACK="$build/tests/stack.so"

run() { # NAME COMMAND...
    run_as=$1
    shift
    "$@" >"$log/$run_as" 2>&1
    echo $? >"$log/$run_as.status"
}

tell() { # NAME
    count "$1" "$(cat "$log/$1.status")" "$log/$1"
    grep '^# .*measured' "$log/$1" | sed 's/^# /    /'
}

programs=$*
screens=
if [ $# = 0 ]; then
    for path in "$build"/tests/test_* "$build"/tests/fault_*; do
        case $path in *.d | *.o | *\*) continue ;; esac
        [ -x "$path" ] && programs="$programs $(basename "$path")"
    done
    for script in "$here"/screen/*.screen; do
        [ -e "$script" ] && screens="$screens $(basename "$script")"
    done
fi
# A run before this one must not speak for it.
rm -f "$log"/*

# A shell has what it runs in the background ignore ^C, which is among what is tested.
for name in $programs; do
    run "$name" env --default-signal=INT,QUIT "$build/tests/$name"
done &
HOME=$home/screens
for name in $screens; do
    run "$name" "$build/tests/screen/driver" -p "$build/jazari" "$here/screen/$name"
    tell "$name"
done
wait
for name in $programs; do
    tell "$name"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
