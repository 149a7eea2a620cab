#!/bin/sh
# The rules of the house, checked: who may include whom, who may speak SQL, what nobody may call; then two compilers
# with every warning an error, clang-tidy, cppcheck and the layout of the code. Takes the folder of the build. Says what
# is wrong and where; the exit status is 0 only where nothing is.
set -u
build=$1
cd "$(dirname "$0")/.." || exit 2
work=$build/lint
mkdir -p "$work"
faults=0
LC_ALL=C
export LC_ALL

# What a rule's command prints is what is wrong.
rule() { # NAME COMMAND...
    name=$1
    shift
    "$@" >"$work/found" 2>&1
    if [ -s "$work/found" ]; then
        faults=$((faults + 1))
        echo "--- $name"
        head -n 40 "$work/found"
    else
        echo "ok $name"
    fi
}

# --- the house ----------------------------------------------------------------------------------------------------

top_level() {
    git ls-files --cached --others --exclude-standard | cut -d/ -f1 | sort -u |
        grep -vxE '\..*|src|ui|data|tests|Makefile|LICENSE|README\.md|jazari\.conf\.example'
}
curses_in_src() { grep -rnE '#include *[<"](n?curses|panel|form|menu|term)\.h' src; }
sqlite_in_ui() { grep -rniE 'sqlite3' ui; }
sqlite_outside_store() { grep -rnE 'sqlite3_|sqlite3\.h' src --include='*.[ch]' | grep -v '^src/store/'; }
sql_outside_store() {
    grep -rnE '"[^"]*\b(SELECT|INSERT INTO|DELETE FROM|UPDATE [a-z]+ SET|CREATE (TABLE|INDEX)|PRAGMA)\b' src ui --include='*.[ch]' |
        grep -v '^src/store/'
}
# SQLite and PostgreSQL both have to understand what is outside the engine's own files.
engine_sql() {
    grep -rnE '"[^"]*\b(PRAGMA|rowid|INSERT OR|IFNULL|json_|strftime|GLOB|LIKE|group_concat|AUTOINCREMENT|WITHOUT ROWID)\b' src/store |
        grep -vE '^src/store/engine'
    grep -nE '\b(AUTOINCREMENT|WITHOUT ROWID|DATETIME|json_|strftime|GLOB|LIKE)\b' data/schema/*.sql
}
draws_elsewhere() {
    grep -rnE '\b(mv)?w?(add|ins)(n?w?str|ch|chnstr|_wch)\(|\b(mvw?|vw_?)?printw\(' ui | grep -v '^ui/screen/'
}
banned_calls() {
    grep -rnwE '(system|popen|strcpy|strcat|sprintf|vsprintf|gets|tmpnam|mktemp|tempnam|strtok|atoi|atol|atof|alloca|setjmp|usleep)' src ui --include='*.[ch]' |
        grep -E '\b(system|popen|strcpy|strcat|sprintf|vsprintf|gets|tmpnam|mktemp|tempnam|strtok|atoi|atol|atof|alloca|setjmp|usleep)\(' |
        grep -vE '^\S+ *(\*|/\*|//)'
}
# Only the reader of the map's degrees and the engine's block size, where no quantity is at stake, may use fractions.
floating() { grep -rnE '\b(float|double)\b' src --include='*.[ch]' | grep -vE '^src/(model/geography|capacity/mincost_pivot)\.c' | grep -vE ':[0-9]+: *(\*|/\*|//)|/\*.*\b(float|double)\b.*\*/'; }
sleeps_in_tests() { grep -rnE '\b(sleep|usleep|nanosleep|clock_nanosleep)\(|^ *sleep ' tests | grep -v '^tests/lint.sh'; }
left_open() { grep -rnwE 'TODO|FIXME|HACK' src ui tests data/*.sh data/debian Makefile | grep -v '^tests/lint.sh'; }

# --- who may include whom -----------------------------------------------------------------------------------------

# One line an include: the folder that asks, the folder asked.
includes() {
    grep -rHoE '^ *#include *"[a-z_]+/[a-z_0-9]+\.h"' src ui --include='*.[ch]' |
        sed -E 's|^src/main\.c:.*"([a-z_]+)/.*|main \1|; s|^ui/[a-z]+\.h:.*"([a-z_]+)/.*|door \1|; s|^(src\|ui)/([a-z_]+)/[^:]*:.*"([a-z_]+)/.*|\2 \3|' |
        sort -u
}
layers() {
    includes | while read -r who whom; do
        case $who in
        base) allowed="base" ;;
        model) allowed="base model" ;;
        store) allowed="base model store" ;;
        capacity) allowed="base model capacity" ;;
        commands) allowed="base model store capacity commands" ;;
        service) allowed="base model store capacity commands service" ;;
        cli) allowed="base model commands service cli" ;;
        screen) allowed="base model screen" ;;
        widgets) allowed="base model screen widgets" ;;
        panels) allowed="base model service screen widgets panels" ;;
        door) allowed="base service" ;;
        main) allowed="base cli ui" ;;
        *) allowed="" ;;
        esac
        case " $allowed " in
        *" $whom "*) ;;
        *) echo "$who may not include $whom" ;;
        esac
    done
}
# Headers that include each other in a circle, however long.
circles() {
    grep -rHoE '^ *#include *"[a-z_]+/[a-z_0-9]+\.h"' src ui --include='*.h' |
        sed -E 's|^(src\|ui)/([^:]*):.*"([^"]*)"|\2 \3|' | { tsort >/dev/null; } 2>&1
}
self_contained() {
    find src ui -name '*.h' | while read -r header; do
        printf '#include "%s"\n' "${header#*/}" >"$work/header.c"
        # shellcheck disable=SC2086
        gcc $flags -Wall -Wextra -Werror -fsyntax-only "$work/header.c" 2>&1
    done
}

# --- the tools ----------------------------------------------------------------------------------------------------

flags="-std=c11 -D_GNU_SOURCE -DJAZARI_VERSION=\"0\" -DJAZARI_LOCALES=\"/\" -Isrc -Iui -I$build"
flags="$flags $(pkg-config --cflags ncursesw sqlite3 libconfig jansson libsodium fribidi)"

builds_with() { # COMPILER
    make -j"$(nproc)" CC="$1" BUILD="$work/$1" CFLAGS=-Werror binaries benches 2>&1 | grep -vE '^  [A-Z]+ |jobserver'
    [ -x "$work/$1/jazari" ] || echo "$1 builds no jazari"
}
# What the bench fills its store with has to be what imports take.
bench_network() {
    "$work/gcc/bench/network" organisations >"$work/organisation.csv"
    "$work/gcc/bench/network" projects 2000 >"$work/project.csv"
    rm -f "$work"/network.db*
    {
        "$work/gcc/jazari" --store "$work/network.db" init --site ROOT,TTA,ORI,FMK,RSK,BMK,CAS,MSF,DTF,SMA,GON,LSH,DOD &&
            "$work/gcc/jazari" --store "$work/network.db" import organisation "$work/organisation.csv" &&
            "$work/gcc/jazari" --store "$work/network.db" import project "$work/project.csv"
    } >"$work/imported" 2>&1 || cat "$work/imported"
}
# A file that was clean and has not changed since, nor any header, is not asked about again.
tidy() {
    mkdir -p "$work/tidy"
    state=$(find src ui tests .clang-tidy -name '*.h' -o -name .clang-tidy | sort | xargs cat | cksum)
    for file in $(find src ui -name '*.c' | sort); do
        sum=$(echo "$state $(cksum <"$file")" | cksum | tr ' ' -)
        stamp=$work/tidy/$(echo "$file" | tr / -).$sum
        [ -e "$stamp" ] || printf '%s %s\n' "$file" "$stamp"
    done >"$work/tidy/wanted"
    # shellcheck disable=SC2016
    TIDY_FLAGS=$flags xargs -r -P"$(nproc)" -n2 sh -c 'clang-tidy --quiet "$1" -- $TIDY_FLAGS 2>"$2.err" && touch "$2" || cat "$2.err"; rm -f "$2.err"' x \
        <"$work/tidy/wanted" | sed "s|$PWD/||"
}
check_cpp() {
    cppcheck -j"$(nproc)" --quiet --std=c11 --enable=warning,performance,portability --inline-suppr \
        --template='{file}:{line}: {id}: {message}' -Isrc -Iui -I"$build" \
        --suppress=missingIncludeSystem --suppress=internalAstError --suppress=varFuncNullUB --suppress=normalCheckLevelMaxBranches src ui tests
}
layout() {
    find src ui tests -name '*.[ch]' -print0 | xargs -0 clang-format --dry-run -Werror 2>&1 | grep -E ': (warning|error)' | cut -d: -f1,2 | sort -u
    find src ui -name '*.[ch]' -print0 | xargs -0 wc -l | awk '$2 != "total" && $1 > 640 { print $2 ": " $1 " lines" }'
}
shells() { find . -name '*.sh' -not -path "./$build/*" -print0 | xargs -0 shellcheck -s sh -S warning -e SC3013 .ci/run; }

rule "top level names" top_level
rule "src without curses" curses_in_src
rule "ui without sqlite" sqlite_in_ui
rule "sqlite in the store only" sqlite_outside_store
rule "SQL in the store only" sql_outside_store
rule "SQL that both engines know" engine_sql
rule "text drawn by one function" draws_elsewhere
rule "no banned calls" banned_calls
rule "whole numbers" floating
rule "no sleep in tests" sleeps_in_tests
rule "nothing left open" left_open
rule "layers" layers
rule "no circles" circles
rule "builds with gcc" builds_with gcc
rule "builds with clang" builds_with clang
rule "the bench's network is imported" bench_network
rule "headers stand alone" self_contained
rule "layout" layout
rule "shell scripts" shells
rule "cppcheck" check_cpp
rule "clang-tidy" tidy
if [ "$faults" = 0 ]; then echo "lint: clean"; else echo "lint: $faults rules broken"; fi
[ "$faults" = 0 ]
