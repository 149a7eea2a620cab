#!/bin/sh
# The network simplex of src/capacity against the others that Debian has, in one run on the same files:
#
#     sh tests/bench/mincost.sh BUILD
#
# LEMON's dimacs-solver (liblemon-utils; its network simplex) and glpsol --mincost (glpk-utils; the simplex method on
# the linear programme). The problems are made by BUILD/bench/mincost_generate into BUILD/bench/data, and kept there.
# Seconds are medians; "solve" is without reading, as each program says itself (LEMON's with its set-up, which makes its
# arrays, but not with that of its graph); "all" is with reading. Each of our answers is proved by the checker too.
#
# LEMON counts in 32 bits unless told otherwise, which is its fastest; where that gives another optimum than 64 bits do,
# as for the plans, the row says "long" and has its time with 64 bits.
#
# What is run may be narrowed: MINCOST_SIZES (arcs), MINCOST_FAMILIES, MINCOST_LIMIT (seconds for LEMON, per run) and
# MINCOST_GLPSOL (seconds for glpsol, 0: not at all). With 6,000,000 arcs the torus takes LEMON the better part of an
# hour, so it is only run there where MINCOST_FAMILIES names it.
set -u
build=${1:?usage: mincost.sh BUILD}
bench=$build/bench
data=$bench/data
families=${MINCOST_FAMILIES:-netgen dense grid torus transport assignment plan}
sizes=${MINCOST_SIZES:-1000 25000 750000 6000000}
limit=${MINCOST_LIMIT:-900}
glpsol_limit=${MINCOST_GLPSOL:-60}
export LC_ALL=C
mkdir -p "$data"
for program in dimacs-solver glpsol; do
    command -v $program >/dev/null 2>&1 || {
        echo "mincost.sh: $program is missing: apt-get install liblemon-utils glpk-utils" >&2
        exit 1
    }
done

runs_of() {
    if [ "$1" -le 2000 ]; then echo 31; elif [ "$1" -le 100000 ]; then echo 15; elif [ "$1" -le 1000000 ]; then echo 3; else echo 1; fi
}

median() { # of the numbers in column $1 of file $2
    awk -v c="$1" '{ print $c }' "$2" | sort -g | awk '{ v[NR] = $1 } END { print NR ? v[int((NR + 1) / 2)] : "-" }'
}

# Both append a line "OPTIMUM SOLVE ALL". Processor seconds, but real ones below 1 s: LEMON reads a clock of 10 ms.
ours() { # FILE LOG
    "$bench/mincost" "$1" | awk '
        $1 == "optimum" { optimum = $2 }
        $1 == "read" { real = $2; processor = $5 }
        $1 == "solve" { all = $2 < 1 ? real + $2 : processor + $5; solve = $2 < 1 ? $2 : $5 }
        END { print optimum, solve, all }' >>"$2"
}

lemon() { # FILE LOG WIDTH
    timeout "$limit" dimacs-solver "-$3" "$1" /dev/null 2>&1 | awk '
        # "Run NetworkSimplex: u: 0.02s, s: 0s, cu: 0s, cs: 0s, real: 0.0167611s"
        function seconds(  i, processor, real) {
            for (i = 1; i < NF; i++) {
                if ($i == "u:" || $i == "s:") processor += $(i + 1)
                if ($i == "real:") real = $(i + 1) + 0
            }
            return real < 1 ? real : processor
        }
        /^Min flow cost/ { optimum = $NF }
        /^Read/ { all += seconds() }
        /^Setup/ { all += seconds() }
        /^Run/ { all += run = seconds() }
        END { if (optimum != "") print optimum, run, all }' >>"$2"
}

glpsol_once() { # FILE: the optimum and seconds, or why not
    [ "$glpsol_limit" -gt 0 ] || { echo "- -"; return; }
    env time -p -o "$data/glpsol.time" timeout "$glpsol_limit" glpsol --mincost "$1" -w "$data/glpsol.out" >/dev/null 2>&1
    [ -e "$data/glpsol.out" ] || : >"$data/glpsol.out"
    awk -v limit="$glpsol_limit" '
        FILENAME ~ /time$/ { if ($1 == "user") user = $2; next }
        $1 == "s" { optimum = $NF }
        END { if (optimum == "") print "-", ">" limit; else printf "%.0f %s\n", optimum, user }' \
        "$data/glpsol.time" "$data/glpsol.out"
    rm -f "$data/glpsol.time" "$data/glpsol.out"
}

problem() { # FAMILY ARCS: makes the file unless it is there, newer than its generator; prints its name
    file=$data/$1-$2.min
    [ -e "$file" ] && [ "$file" -nt "$bench/mincost_generate" ] && { echo "$file"; return; }
    "$bench/mincost_generate" "$1" "$2" >"$file.new" && mv "$file.new" "$file" && echo "$file"
}

# One row: both solvers in turn, so that what else the machine does falls on both; then the proof, and glpsol unless it
# was too slow for a smaller problem of the family already.
measure() { # FAMILY ARCS
    file=$(problem "$1" "$2") || { echo "$1 $2: cannot make the problem" >&2; return 1; }
    nodes=$(awk '$1 == "p" { print $3; exit }' "$file")
    runs=$(runs_of "$2") width=int note='' i=0
    rm -f "$data/ours" "$data/lemon"
    ours "$file" "$data/ours"
    lemon "$file" "$data/lemon" int
    optimum=$(median 1 "$data/ours")
    if [ "$(median 1 "$data/lemon")" != "$optimum" ]; then # "-" where it found no flow, or no end
        width=long
        rm -f "$data/lemon"
        lemon "$file" "$data/lemon" long
    fi
    while [ $((i += 1)) -lt "$runs" ]; do
        ours "$file" "$data/ours"
        [ ! -s "$data/lemon" ] || lemon "$file" "$data/lemon" $width
    done
    [ "$(awk '{ print $1 }' "$data/ours" "$data/lemon" 2>/dev/null | sort -u | wc -l)" = 1 ] || note="OPTIMA DIFFER"
    [ -s "$data/lemon" ] || { note="LEMON gave none in $limit s"; echo "- - -" >"$data/lemon"; }
    "$bench/mincost" -c "$file" >"$data/proof" 2>&1 && grep -q 'proved optimal' "$data/proof" || note="NOT PROVED"
    if [ "$glpsol_slow" ]; then glpsol="- -"; else glpsol=$(glpsol_once "$file"); fi
    case $glpsol in
    "- >"*) glpsol_slow=1 ;;
    "- -" | "$optimum "*) ;;
    *) note="GLPSOL'S OPTIMUM DIFFERS" ;;
    esac
    iterations=$(awk '$1 == "iterations" { print $2 }' "$data/proof")
    memory=$(awk '$1 == "memory" { print $2 }' "$data/proof")
    awk -v family="$1" -v arcs="$2" -v nodes="$nodes" -v runs="$runs" -v width=$width -v note="$note" \
        -v optimum="$optimum" -v mine="$(median 2 "$data/ours")" -v all="$(median 3 "$data/ours")" \
        -v other="$(median 2 "$data/lemon")" -v other_all="$(median 3 "$data/lemon")" -v glpsol="${glpsol#* }" \
        -v iterations="$iterations" -v memory="$memory" '
        function ms(s) { return s == "-" ? "-" : sprintf("%.2f", s * 1000) }
        BEGIN {
            ratio = other > 0 ? sprintf("%.2f", mine / other) : "-"
            verdict = note != "" ? note : ratio == "-" ? "" : ratio <= 1.2 ? "within" : "OVER"
            printf "%-10s %7d %6d %4d %10d %11s %11s %-4s %6s %11s %11s %8s %6s  %s  %s\n", family, arcs, nodes, runs,
                iterations, ms(mine), ms(other), width, ratio, ms(all), ms(other_all), glpsol, memory, optimum, verdict
        }'
    case $note in "" | LEMON*) return 0 ;; *) return 1 ;; esac
}

echo "Minimum-cost flow, $(nproc) cores. Budget: at most 1.20 times LEMON. Times in ms, of glpsol in s, memory in MB."
printf '%-10s %7s %6s %4s %10s %11s %11s %-4s %6s %11s %11s %8s %6s  %s\n' family arcs nodes runs iterations solve \
    LEMON int ratio all "LEMON all" glpsol memory "optimum, the same for all, proved"
failed=0
for family in $families; do
    glpsol_slow=
    for size in $sizes; do
        if [ "$family $size" = "torus 6000000" ] && [ -z "${MINCOST_FAMILIES:-}" ]; then continue; fi
        measure "$family" "$size" || failed=1
    done
done
rm -f "$data/ours" "$data/lemon" "$data/proof"
exit $failed
