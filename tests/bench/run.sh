#!/bin/sh
# The table of what jazari takes, against its budgets:
#
#     sh tests/bench/run.sh BUILD
#
# The store with a million projects is made once, in BUILD/bench, and kept until its generator or the schema changes;
# its rows are those of when it was made. A row over its budget says so and nothing more: how fast a machine is, is no
# error. What could not be measured is one.
set -u
build=${1:?usage: run.sh BUILD}
bench=$build/bench
jazari=$build/jazari
projects=1000000
export LC_ALL=C.UTF-8 TZ=UTC
unset LANGUAGE JAZARI_CONF NO_COLOR
export XDG_CONFIG_HOME="$bench/none"

rows=$bench/rows
load=$(cut -d ' ' -f 1 /proc/loadavg) # before anything here
failed=$bench/failed
all_sites=ROOT,TTA,ORI,FMK,RSK,BMK,CAS,MSF,DTF,SMA,GON,LSH,DOD
: >"$rows"
rm -f "$failed"

say() { printf '%s\n' "bench: $*" >&2; }

# Runs a program that prints rows; what fails is told, and the rest goes on.
measure() {
    "$@" >>"$rows" || { say "could not be measured: $*"; : >"$failed"; }
}

# A store home to all sites, with the generated organisations and so many projects, in $1; $2: how many. Left out where
# something fails. The rows of the import are put into $1.rows.
make_store() {
    store=$1
    csv=$bench/projects.csv
    rm -f "$store" "$store"-*
    "$bench/network" organisations >"$bench/organisations.csv" &&
        "$bench/network" projects "$2" >"$csv" &&
        "$jazari" --store "$store" init --site "$all_sites" 2>/dev/null &&
        "$jazari" --store "$store" import organisation "$bench/organisations.csv" 2>/dev/null &&
        "$bench/timed" -r "$2" "import of $2 projects" 60000 200 "$jazari" --store "$store" import project "$csv" >"$store.rows"
    made=$?
    rm -f "$csv" "$bench/organisations.csv"
    [ $made = 0 ] || rm -f "$store" "$store"-*
    return $made
}

table() {
    awk -F '\t' '
        BEGIN { printf "%-52s %-34s %-12s\n", "what", "measured", "budget" }
        /^#/ { printf "\n%s\n", substr($0, 3); next }
        {
            verdict = ""
            budget = $4
            if (budget != "") {
                limit = budget
                sub(/^worst /, "", limit)
                verdict = $3 + 0 <= limit + 0 ? "within" : "OVER"
                budget = budget " " $5
            }
            printf "%-52s %-34s %-12s %s\n", $1, $2, budget, verdict
        }' "$rows"
}

section() { printf '# %s\n' "$*" >>"$rows"; }

# --- the store with a million -------------------------------------------------------------------------------------

million=$bench/million.db
stamp="$("$bench/network" projects 1000 | cksum) $(cat data/schema/*.sql | cksum)"
if [ ! -e "$million" ] || [ "$(cat "$million.stamp" 2>/dev/null)" != "$stamp" ]; then
    say "making a store with $projects projects: two minutes or so, this once"
    make_store "$million" $projects || { say "the store could not be made"; exit 1; }
    printf '%s\n' "$stamp" >"$million.stamp"
fi
section "a store of $projects projects, $(du -m "$million" | cut -f 1) MB (the import is as of $(date -r "$million.rows" '+%Y-%m-%d %H:%M'))"
cat "$million.rows" >>"$rows"
cat "$million" >/dev/null # whether it is in the kernel's memory must not depend on what ran before

say "the screen"
section "its screen, 80x24: from a key to the last byte of what it changes"
measure "$bench/keys" "$jazari" "$million"

say "the command line"
section "its command line"
measure "$bench/timed" -m 15 "list project --limit 20" 0 0 "$jazari" --store "$million" list project --limit 20
measure "$bench/timed" -m 15 "show SMA-P42" 0 0 "$jazari" --store "$million" show SMA-P42
measure "$bench/timed" -r $projects "check" 0 0 "$jazari" --store "$million" check

# --- writing ------------------------------------------------------------------------------------------------------

say "writing"
section "a write with its journal, against the same row by bare SQLite; 20000 projects"
if make_store "$bench/writes.db" 20000; then
    rm -f "$bench"/bare.db*
    measure "$bench/writes" "$jazari" "$bench/writes.db" "$bench/bare.db"
else
    say "the store for writing could not be made"
    : >"$failed"
fi
rm -f "$bench"/writes.db* "$bench"/bare.db*

say "many clients"
section "50 clients at once through jazari serve, a disk that syncs in 5 ms, and as many processes sharing the file"
rm -rf "$bench/served" && mkdir "$bench/served"
measure "$bench/serve" "$jazari" "$(cd "$build" && pwd)/tests/disk.so" "$bench/served"

say "the fair plan"
section "the fair plan: shares, priorities, explanations and the check of all of it"
measure "$bench/timed" -m 3 "5000 requests, 240 offers, 52 weeks" 2000 500 "$bench/plan"
measure "$bench/timed" -m 3 "the same, one in ten with a smallest quantity" 2000 500 "$bench/plan" 5000 240 52 10

# --- the rest -----------------------------------------------------------------------------------------------------

say "the demo"
section "a small store"
measure "$bench/timed" -m 3 "init --demo" 5000 0 sh -c 'rm -f "$2" "$2"-* && exec "$1" --store "$2" init --demo' sh \
    "$jazari" "$bench/demo.db"
measure "$bench/timed" -m 15 "the dashboard as text, demo" 0 0 "$jazari" --store "$bench/demo.db"
measure "$bench/timed" -m 5 "check, demo" 0 0 "$jazari" --store "$bench/demo.db" check
rm -f "$bench"/demo.db*

printf '\njazari on %s cores (%s; load %s), %s MB, %s, %s\n' "$(nproc)" \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$load" \
    "$(awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo)" \
    "$(df -T "$bench" | awk 'NR == 2 { print $2 }')" "$(date '+%Y-%m-%d %H:%M')"
table

echo
if command -v dimacs-solver >/dev/null 2>&1 && command -v glpsol >/dev/null 2>&1; then
    say "the network simplex"
    echo "the network simplex against others"
    MINCOST_SIZES="1000 25000" MINCOST_GLPSOL="${MINCOST_GLPSOL:-5}" sh tests/bench/mincost.sh "$build" || : >"$failed"
    # Of the large ones those that LEMON solves within minutes; glpsol solves none of them.
    MINCOST_FAMILIES="netgen dense grid" MINCOST_SIZES="750000 6000000" MINCOST_GLPSOL=0 sh tests/bench/mincost.sh "$build" ||
        : >"$failed"
else
    echo "the network simplex against others: missing here (apt-get install liblemon-utils glpk-utils)"
fi
[ ! -e "$failed" ]
