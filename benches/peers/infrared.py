"""The infrared run: Probity's figures from `infrared`, then pybaselines and NumPy on the same curves, one thread each.

    infrared.py BINARY curves CURVES FOLDER     baselines and derivatives
    infrared.py BINARY library CURVES FOLDER    NumPy's side of a search: matrix-vector product and top ten
"""

import sys
import time
import warnings
from pathlib import Path

import numpy as np
from pybaselines import Baseline
from scipy.signal import savgol_coeffs, savgol_filter

from probity_run import probity

POINTS = 1_800
TIMES = 3
# The tolerance of the golden files for baselines, and for derivatives.
BASELINE_RTOL, BASELINE_ATOL = 1e-6, 1e-8
DERIVATIVE_RTOL, DERIVATIVE_ATOL = 1e-9, 1e-11
# pybaselines: 1 is pentapy's solver, 3 SciPy's `solveh_banded`, which it takes where pentapy is not installed.
SOLVERS = {"with pentapy": 1, "without": 3}


def least_us(work, curves: int):
    """The least CPU time in us a curve of some times, after one for warming up."""
    result = work()
    times = []
    for _ in range(TIMES):
        start = time.process_time()
        result = work()
        times.append(time.process_time() - start)
    return result, min(times) / curves * 1e6


class Table:
    def __init__(self, folder: Path, ours: dict[str, dict]):
        self.folder, self.ours, self.failed = folder, ours, False

    def row(self, work: str, peer: str, theirs: np.ndarray, peer_us: float, rtol: float, atol: float, note: str = "") -> None:
        got = np.fromfile(self.folder / f"{work}.f64", dtype="<f8").reshape(theirs.shape)
        outside = np.any(np.abs(got - theirs) > atol + rtol * np.abs(theirs), axis=1)
        self.failed |= bool(outside.any())
        us = self.ours[work]["cpu_us"]
        print(f"| {work} | {us:.2f} | {peer} {peer_us:.1f} | {peer_us / us:.1f} | {np.sum(~outside)} of {len(got)} curves{note} |",
              flush=True)


def verbs(table: Table, curves: np.ndarray) -> None:
    axis = np.arange(POINTS, dtype=float)
    for name, solver in SOLVERS.items():
        fitter = Baseline(x_data=axis)
        fitter.banded_solver = solver
        for work, options in (("asls", {"lam": 1e6, "p": 0.01}), ("arpls", {"lam": 1e5})):
            fit = getattr(fitter, work)
            found, us = least_us(lambda fit=fit, options=options: [fit(y, **options) for y in curves], len(curves))
            passes = [len(parameters["tol_history"]) for _, parameters in found]
            same = sum(a == b for a, b in zip(passes, table.ours[work]["passes"], strict=True))
            table.failed |= same < len(curves)
            table.row(work, f"pybaselines {name}", np.array([baseline for baseline, _ in found]), us,
                      BASELINE_RTOL, BASELINE_ATOL, f", {same} with as many passes")
    derivative = (DERIVATIVE_RTOL, DERIVATIVE_ATOL)
    # The matrix form: every point of the result as a row of weights, the ends by their own polynomials.
    matrix = savgol_filter(np.eye(POINTS), 11, 3, deriv=1, axis=0).T.copy()
    found, us = least_us(lambda: curves @ matrix, len(curves))
    table.row("savgol", "NumPy, curves @ matrix", found, us, *derivative)
    weights = savgol_coeffs(11, 3, deriv=1, use="dot")

    def windows():
        found = np.empty_like(curves)
        found[:, 5:-5] = np.lib.stride_tricks.sliding_window_view(curves, 11, axis=1) @ weights
        found[:, :5] = curves[:, :11] @ matrix[:11, :5]
        found[:, -5:] = curves[:, -11:] @ matrix[-11:, -5:]
        return found

    found, us = least_us(windows, len(curves))
    table.row("savgol", "NumPy, windows @ weights", found, us, *derivative)
    found, us = least_us(lambda: savgol_filter(curves, 11, 3, deriv=1), len(curves))
    table.row("savgol", "SciPy savgol_filter", found, us, *derivative)


def search(folder: Path) -> None:
    library = np.fromfile(folder / "library.f32", dtype="<f4").reshape(-1, POINTS)
    queries = np.fromfile(folder / "queries.f32", dtype="<f4").reshape(-1, POINTS)
    times = []
    for query in queries:
        start = time.process_time()
        scores = library @ query
        best = np.argpartition(scores, -10)[-10:]
        best = best[np.argsort(-scores[best], kind="stable")]
        times.append((time.process_time() - start) * 1e3)
    times = np.array(times[1:])
    print(f"| correlation, {len(library)} curves | | NumPy f32 matrix-vector product and argpartition {times.mean():.1f} ms "
          f"(median {np.median(times):.1f}, p99 {np.quantile(times, 0.99):.1f}) | | |")


def main() -> None:
    binary, command, count, folder = sys.argv[1:]
    warnings.simplefilter("ignore")
    lines = probity(binary, command, count, folder)
    print(f"\n{count} curves of {POINTS} points; CPU us a curve, one thread, the least of {TIMES}\n")
    print("| work | Probity | peer | ratio | within the golden tolerance |\n| --- | --- | --- | --- | --- |")
    if command == "library":
        search(Path(folder))
        return
    table = Table(Path(folder), {line["work"]: line for line in lines})
    verbs(table, np.fromfile(Path(folder) / "curves.f64", dtype="<f8").reshape(-1, POINTS))
    if table.failed:
        sys.exit("the programs disagree by more than the golden tolerance")


main()
