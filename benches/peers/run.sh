#!/usr/bin/env bash
# The side-by-side run: installs the other programs into .venv, builds Probity, times all on the same seeded spectra.
#   benches/peers/run.sh            350,000 EI and 1,000,000 MS/MS spectra: about 12 GB of memory, 15 GB of disk, an hour
#   benches/peers/run.sh small      some minutes
#   benches/peers/run.sh infrared   1,000 curves prepared, 200,000 searched: 8 GB of memory, 12 GB of disk, ten minutes
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
if [ ! -x "$here/.venv/bin/python" ]; then
    python3 -m venv "$here/.venv"
fi
"$here/.venv/bin/pip" install --quiet --requirement "$here/requirements.txt"
cargo build --quiet --release --package probity-benches --bin peers --bin infrared --bin infrared_search
binaries="${CARGO_TARGET_DIR:-target}/release"
case "${1:-full}" in
    full) runs=("ei 350000 14" "msms 1000000 25") ;;
    infrared) runs=("curves 1000" "library 200000") ;;
    small) runs=("ei 20000 14" "ei 20000 1" "msms 50000 25" "msms 50000 1") ;;
    *) runs=("$*") ;;
esac
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 NUMBA_NUM_THREADS=1
echo "$(date --utc +%F), commit $(git rev-parse --short HEAD), $(uname -sm), $(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs), load $(cut -d' ' -f1-3 /proc/loadavg)"
for run in "${runs[@]}"; do
    folder=$(mktemp --directory)
    trap 'rm -rf "$folder"' EXIT
    case "$run" in
        curves*|library*) script=infrared.py binary=$binaries/infrared ;;
        *) script=run.py binary=$binaries/peers ;;
    esac
    # shellcheck disable=SC2086
    "$here/.venv/bin/python" "$here/$script" "$binary" $run "$folder"
    rm -rf "$folder"
done
