"""The infrared run: Probity's figures from `infrared`, then pybaselines and NumPy on the same curves, one thread each.

    infrared.py BINARY curves CURVES FOLDER     baselines and derivatives
    infrared.py BINARY library CURVES FOLDER    searches: NumPy by matrix-vector product and top ten
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


# NumPy's scores are in single precision.
SCORE_TOLERANCE = 2e-5
SETS = ("known", "unknown")


def read(folder: Path, name: str) -> np.ndarray:
    return np.fromfile(folder / f"{name}.f32", dtype="<f4").reshape(-1, POINTS)


def unit(rows: np.ndarray) -> np.ndarray:
    """Centred and of length 1, in place."""
    rows -= rows.mean(axis=1, keepdims=True)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def derivatives(rows: np.ndarray) -> np.ndarray:
    """First differences of smoothed curves, some thousand at a time."""
    smooth = lambda part: np.diff(savgol_filter(part.astype(np.float64), 9, 2, axis=1), axis=1)
    return np.concatenate([unit(smooth(rows[i:i + 5_000])).astype("f4") for i in range(0, len(rows), 5_000)])


def summary(values) -> str:
    values = np.array(values)
    return f"{values.mean():.2f} (median {np.median(values):.2f}, p99 {np.quantile(values, 0.99):.2f})"


def search(folder: Path, lines: list[dict]) -> bool:
    """Prints a row for each measure and set; whether the programs disagree."""
    failed = False
    for line in lines:
        match line["work"]:
            case "build library":
                print(f"| build library | {line['cpu_s']:.0f} CPU s | | |")
            case "index":
                print(f"| index {line['method']} | {line['cpu_s']:.0f} CPU s | | |")
            case "open":
                print(f"| open mapped, {line['method']} | {line['ms']:.0f} ms | | |", flush=True)
    for method, of in (("correlation", lambda rows: rows), ("first_derivative_correlation", derivatives)):
        library = of(read(folder, "library"))
        for kind in SETS:
            ours = [line for line in lines if line["work"] == "search" and (line["method"], line["set"]) == (method, kind)]
            times, compared, differing = [], 0, 0
            for query, line in zip(of(read(folder, kind)), ours, strict=True):
                start = time.process_time()
                scores = library @ query
                best = np.argpartition(scores, -10)[-10:]
                best = best[np.argsort(-scores[best], kind="stable")]
                times.append((time.process_time() - start) * 1e3)
                for place, (entry, score) in zip(best, line["hits"], strict=True):
                    compared += 1
                    differing += abs(scores[place] - score) > SCORE_TOLERANCE or abs(scores[entry] - score) > SCORE_TOLERANCE
            failed |= differing > 0
            cpu, scored = [line["cpu_ms"] for line in ours], [line["scored"] for line in ours]
            print(f"| {method}, {kind} | {summary(cpu)}; prepared in {np.mean([line['prepare_ms'] for line in ours]):.2f} ms, "
                  f"finding {np.mean([line['finding_ms'] for line in ours]):.1f} ms, "
                  f"{np.mean(scored) / len(library):.3%} scored (p99 {np.quantile(scored, 0.99) / len(library):.3%}) "
                  f"| NumPy f32 {summary(times)} | {np.mean(times) / np.mean(cpu):.1f}; "
                  f"{compared - differing} of {compared} hits agree |", flush=True)
        del library
    return failed


def main() -> None:
    binary, command, count, folder = sys.argv[1:]
    warnings.simplefilter("ignore")
    lines = probity(binary, command, count, folder)
    if command == "library":
        print(f"\n{count} curves of {POINTS} points; CPU ms a query, one thread, ten hits\n")
        print("| work | Probity | peer | ratio of means |\n| --- | --- | --- | --- |")
        if search(Path(folder), probity(str(Path(binary).with_name("infrared_search")), folder)):
            sys.exit("the programs disagree on hits")
        return
    print(f"\n{count} curves of {POINTS} points; CPU us a curve, one thread, the least of {TIMES}\n")
    print("| work | Probity | peer | ratio | within the golden tolerance |\n| --- | --- | --- | --- | --- |")
    table = Table(Path(folder), {line["work"]: line for line in lines})
    verbs(table, np.fromfile(Path(folder) / "curves.f64", dtype="<f8").reshape(-1, POINTS))
    if table.failed:
        sys.exit("the programs disagree by more than the golden tolerance")


main()
