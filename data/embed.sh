#!/bin/sh
# Writes C that holds the given files, so that the program needs no file beside it: a table of name, bytes and size that
# src/base/embedded.h declares. Names are as given, below data/ without it.
set -eu
echo '#include "base/embedded.h"'
n=0
for file; do
    printf 'static const unsigned char file_%d[] = {' "$n"
    od -An -v -tx1 "$file" | sed 's/ *\([0-9a-f][0-9a-f]\)/0x\1,/g'
    echo '0};'
    n=$((n + 1))
done
echo 'const Embedded embedded_files[] = {'
n=0
for file; do
    printf '    {"%s", (const char *)file_%d, sizeof file_%d - 1},\n' "${file#data/}" "$n" "$n"
    n=$((n + 1))
done
echo '    {0, 0, 0},'
echo '};'
