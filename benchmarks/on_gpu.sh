#!/usr/bin/env bash
# All that needs a real GPU, within nine minutes: what the card is, a first look at what an emulated
# GPU cannot show, the tests that run on a GPU where there is one, MNIST on the GPU and on the CPU,
# where a step's time goes, and benchmarks.cpu_vs_gpu. One part that fails does not stop the others.
#
#     benchmarks/on_gpu.sh [FOLDER OF WHEELS]
#
# minitf runs from this checkout, with the CuPy and cuBLAS that are there; wheels of what is missing are
# installed into a folder of their own. PYTHON names the interpreter, OUT the folder for what is found,
# SECONDS_IN_ALL the time there is, SKIP what is left out of: first tests mnist profile benchmarks.
set -u
cd "$(dirname "$0")/.."
export PYTHON=${PYTHON:-python3}
OUT=${OUT:-.}
SECONDS_IN_ALL=${SECONDS_IN_ALL:-530}
SKIP=${SKIP:-}
TESTS_SECONDS=100
export PYTHONPATH=$PWD PYTHONUNBUFFERED=1
mkdir -p "$OUT"
LOG=$OUT/on_gpu.log
: >"$LOG"
SECONDS=0
failed=()

say() {
    echo "== $*" | tee -a "$LOG"
}

part() {
    # part NAME SECONDS COMMAND...: run it; its output is shown and kept.
    local name=$1 limit=$2 status
    shift 2
    say "$name (at ${SECONDS} s, at most $limit s)"
    timeout --kill-after=5 "$limit" "$@" 2>&1 | tee -a "$LOG"
    status=${PIPESTATUS[0]}
    [ "$status" = 0 ] || failed+=("$name ($status)")
    return "$status"
}

wanted() {
    [[ " $SKIP " != *" $1 "* ]] || { say "$1: left out"; return 1; }
}

if [ $# -gt 0 ]; then
    site=$(mktemp -d)
    part wheels 40 "$PYTHON" -m pip install --quiet --no-index --no-deps --no-compile \
        --no-cache-dir --target "$site" "$1"/*.whl && export PYTHONPATH=$PWD:$site
fi

# -- the card ------------------------------------------------------------------------------------

card() {
    nvidia-smi || echo "nvidia-smi is not there"
    "$PYTHON" - <<'PY'
from minitf.backend import cublas, devices

print(devices.driver(), devices.find(), sep="\n")
print(cublas.library())
PY
}
export -f card
part card 30 bash -c card

# -- tests ---------------------------------------------------------------------------------------

tests() {
    # The ops and models in the lowering called cuda. Interrupted when the time is over, pytest says
    # what it has found by then.
    local each=(-q -p no:cacheprovider --tb=short --maxfail=150) status=0
    "$PYTHON" -c "import xdist" 2>/dev/null && each+=(-n "$(($(nproc) < 12 ? $(nproc) : 12))")
    timeout -s INT --kill-after=15 "$(($1 - SECONDS))" "$PYTHON" -m pytest "${each[@]}" -k cuda \
        tests/test_cases.py tests/test_goldens.py tests/runtime || status=$?
    exit "$status"
}
export -f tests
if wanted first; then
    part "first look" 60 "$PYTHON" -m pytest -q -p no:cacheprovider --tb=short --durations=5 \
        tests/gpu/test_on_a_card.py
fi
if ! "$PYTHON" -c "import pytest, hypothesis"; then
    say "tests: left out, pytest and hypothesis are not both installed"
    failed+=("tests (not installed)")
elif wanted tests; then
    part tests $((TESTS_SECONDS + 20)) bash -c "tests $((TESTS_SECONDS - 25))"
fi

# -- MNIST ---------------------------------------------------------------------------------------

read -r -d '' train <<'PY'
import json
import os
import sys

sys.path.insert(0, "examples")
import mnist

found = mnist.main(["--no-plot"])
gpus = len(mnist.tf.Session().list_devices()) - 1
with open(os.path.join(sys.argv[1], f"{sys.argv[2]}.json"), "w") as file:
    json.dump([gpus, found], file, default=float)
PY
read -r -d '' compare <<'PY'
import json
import sys

(gpus, gpu), (_, cpu) = (json.load(open(f"{sys.argv[1]}/{name}.json")) for name in ("gpu", "cpu"))
apart = 0.0
for model, here in gpu.items():
    there = cpu[model]
    apart = max(apart, *(abs(here[key] - there[key]) for key in ("train", "test")))
    print(f"{model}: train / test on the GPU {here['train']:.2f} / {here['test']:.2f} %, "
          f"{here['seconds']:.1f} s; on the CPU {there['train']:.2f} / {there['test']:.2f} %, "
          f"{there['seconds']:.1f} s")
print(f"{apart:.2f} points apart at most")
if not gpus:
    sys.exit("no GPU took part")
if not apart <= 1:
    sys.exit("that is too much")
PY
if wanted mnist; then
    results=$(mktemp -d)
    MINITF_DEVICE=cpu part "mnist on the CPU" 60 "$PYTHON" -c "$train" "$results" cpu &
    part "mnist on the GPU" 60 "$PYTHON" -c "$train" "$results" gpu
    wait
    part "mnist compared" 10 "$PYTHON" -c "$compare" "$results"
fi

# -- where the time goes --------------------------------------------------------------------------

if wanted profile; then
    part profile 40 "$PYTHON" -m benchmarks.gpu_profile
fi

# -- benchmarks ----------------------------------------------------------------------------------

if wanted benchmarks; then
    left=$((SECONDS_IN_ALL - SECONDS))
    minutes=$("$PYTHON" -c "print(max(0.3, ($left - 15) / 60))")
    part benchmarks "$left" "$PYTHON" -m benchmarks.cpu_vs_gpu --long --rounds 5 --out "$OUT" \
        --minutes "$minutes"
fi

say "over after ${SECONDS} s; ${#failed[@]} parts failed"
[ ${#failed[@]} = 0 ] || { printf '   %s\n' "${failed[@]}" | tee -a "$LOG"; exit 1; }
