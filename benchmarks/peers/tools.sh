# Finds the tools of a paired run, into `tools` and `extra`; those that are not there are skipped with a line. Read by run.sh and scaling.sh,
# which set here, work and python (see README.md; CIR, FAISS_TOPK, FAISS_FLAGS, NPM).
tools=()
faiss=${FAISS_TOPK:-$work/faiss_topk}
if [ -x "$faiss" ] || g++ -std=c++20 -O3 -march=native -fopenmp "$here/faiss_topk.cpp" ${FAISS_FLAGS:--lfaiss -lopenblas} -o "$faiss" 2>/dev/null; then
    tools+=(--tool "faiss=$faiss")
else
    echo "skipped: FAISS (set FAISS_TOPK or FAISS_FLAGS)"
fi
tools+=(--tool "numpy=$python $here/numpy_topk.py")
[ -n "${CIR:-}" ] && tools+=(--tool "cir=$CIR --precision f32" --tool "cir i8=$CIR --precision i8") || echo "skipped: cir (set CIR)"
extra=()
if [ -d "${NPM:-$PWD}/node_modules/usearch" ]; then
    extra+=(--tool "usearch=env -C ${NPM:-$PWD} node $here/usearch_topk.mjs")
else
    echo "skipped: usearch (npm install usearch, NPM=its folder)"
fi
