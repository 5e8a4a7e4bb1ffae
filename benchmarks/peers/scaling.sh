#!/usr/bin/env bash
# Other tools beside the curves of curves.py: ./scaling.sh FOLDER   writes one JSON of compare.py for each shape
# (see README.md; CIR, CPU, WORK, FAISS_TOPK, FAISS_FLAGS, PYTHON, NPM as for run.sh; SCALING_MOST_ROWS, 1000000 without it)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "${1:?the folder that the JSON files go to}"
out=$(cd "$1" && pwd)
work=${WORK:-${TMPDIR:-/tmp}/cir-bench}
python=${PYTHON:-python3}
most=${SCALING_MOST_ROWS:-1000000}
mkdir -p "$work"
work=$(cd "$work" && pwd)
. "$here/tools.sh"

shape() { # rows dim k
    [ "$1" -le "$most" ] || return 0
    local name=scaling-$1-$2 queries=16 rounds=3 run=("${tools[@]}")
    [ "$1" -le 200000 ] || { queries=4; rounds=2; }
    [ $(($1 * $2 * 4)) -ge $((1 << 31)) ] || run+=("${extra[@]}") # Node.js reads no larger file.
    [ -f "$work/$name.q.f32" ] || "$python" "$here/make_vectors.py" --out "$work/$name" --kind random --rows "$1" --dim "$2" --queries "$queries"
    "$python" "$here/compare.py" ${CPU:+--cpu "$CPU"} --vectors "$work/$name.x.f32" --queries "$work/$name.q.f32" --dim "$2" -k "$3" \
        --batch 1 --rounds "$rounds" --repeat 3 --json "$out/$1-$2-$3.json" "${run[@]}"
}
for rows in 1000 10000 100000 1000000; do shape $rows 512 50; done
for rows in 1000 10000 100000 1000000 10000000; do shape $rows 64 50; done
for dim in 128 256 1024; do shape 100000 $dim 50; done
for k in 1 10 100 1000; do shape 100000 512 $k; done
