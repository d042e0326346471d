"""One side-by-side run: Probity's figures from `peers time`, then the other programs on the same spectra."""

import sys
from pathlib import Path

import numpy as np

from composite_peer import CompositePeer
from cosine_peer import CosinePeer, matchms_ms_a_pair, weights
from entropy_peer import EntropyPeer
from probity_run import probity
from spectra import Spectra

# Scores of the other programs are computed in single precision.
TOLERANCE = 2e-5
# Their windows are too, so that a pair of peaks at the edge of its window may count for one and not for the other:
# the largest share of hits that may differ.
AT_THE_EDGE = 0.01

SETS = ("known", "unknown")


def summary(times: list[float]) -> str:
    values = np.array(times)
    return f"{values.mean():.2f} (median {np.median(values):.2f}, p99 {np.quantile(values, 0.99):.2f})"


class Table:
    """Times of both sides by work and set, and on how many hits they agree. `again` times a method of Probity's once more: a
    shared machine is now faster and now slower, so that what is compared is timed side by side."""

    def __init__(self, lines: list[dict], again):
        self.again = again
        self.times: dict[tuple[str, str], list[float]] = {}
        self.hits: dict[tuple[str, str, int], list] = {}
        self.exhaustive: dict[tuple[str, str], list[float]] = {}
        for line in lines:
            match line["work"]:
                case "search":
                    self.times.setdefault((line["method"], line["set"]), []).append(line["cpu_ms"])
                    self.hits[line["method"], line["set"], line["query"]] = line["hits"]
                case "threads" if line["threads"] == 1:
                    one = line["wall_ms"]
                case "threads":
                    print(f"| `{line['method']}`, {line['set']}, two threads | {line['wall_ms']:.2f} wall ms | one thread {one:.2f} | "
                          f"{one / line['wall_ms']:.2f} |")
                case "exhaustive":
                    self.exhaustive.setdefault((line["method"], line["set"]), []).append(line["cpu_ms"])
                case "open":
                    print(f"| open mapped, `{line['method']}` | {line['ms']:.0f} ms, {line['anonymous_mib']:.0f} MiB beyond "
                          "the mapped files after all searches | | |")
        self.failed = False

    def row(self, method: str, name: str, peer: str, search, same_definition: bool = True) -> None:
        """Searches all queries with Probity, the peer and Probity again, compares the hits where the definition is the same,
        and prints a row for each set."""
        ours = {kind: [] for kind in SETS}
        theirs = {kind: [] for kind in SETS}
        differing, compared = dict.fromkeys(SETS, 0), dict.fromkeys(SETS, 0)
        self.time_again(method, ours)
        for kind in SETS:
            for number in range(len(ours[kind])):
                scores, places, milliseconds = search(kind, number)
                theirs[kind].append(milliseconds)
                if same_definition:
                    hits = [hit for hit in self.hits[method, kind, number] if hit[1] > TOLERANCE]
                    compared[kind] += len(hits)
                    differing[kind] += self.differing(hits, scores, np.sort(scores[places])[::-1])
        self.time_again(method, ours)
        for kind in SETS:
            ratio = f"{np.mean(theirs[kind]) / np.mean(ours[kind]):.1f}"
            if same_definition:
                ratio += f"; {compared[kind] - differing[kind]} of {compared[kind]} hits agree"
                self.failed |= compared[kind] == 0 or differing[kind] > AT_THE_EDGE * compared[kind]
            print(f"| {name}, {kind} | {summary(ours[kind])} | {peer} {summary(theirs[kind])} | {ratio} |", flush=True)

    def time_again(self, method: str, times: dict[str, list[float]], work: str = "search") -> None:
        """Adds what Probity takes now."""
        for line in self.again(method):
            if line["work"] == work:
                times[line["set"]].append(line["cpu_ms"])

    def batch_row(self, method: str, name: str, peer: str, search) -> None:
        """All queries in one call, as `row` does it."""
        ours = {kind: [] for kind in SETS}
        self.time_again(method, ours, "batch")
        theirs = {kind: search(kind) for kind in SETS}
        self.time_again(method, ours, "batch")
        for kind in SETS:
            mean = np.mean(ours[kind])
            print(f"| {name}, {kind} | {mean:.2f} (of 200) | {peer} {theirs[kind]:.2f} | {theirs[kind] / mean:.1f} |", flush=True)

    @staticmethod
    def differing(hits: list, scores: np.ndarray, best: np.ndarray) -> int:
        """How many of Probity's hits have another score or place."""
        differing = 0
        for rank, (entry, score) in enumerate(hits):
            same_place = rank < len(best) and abs(best[rank] - score) <= TOLERANCE
            differing += not (same_place and abs(scores[entry] - score) <= TOLERANCE)
        return differing

    def alone(self, method: str, exhaustive: str) -> None:
        """A row of what has no peer but our own exhaustive search."""
        for kind in SETS:
            ours, whole = self.times[method, kind], self.exhaustive[exhaustive, kind]
            ratio = np.mean(whole) / np.mean(ours)
            print(f"| `{method}`, {kind} | {summary(ours)} | exhaustive {summary(whole)} | {ratio:.1f} |", flush=True)


def electron_ionization(table: Table, library: Spectra, queries: dict[str, Spectra]) -> None:
    cosine = CosinePeer(library)
    rows = {kind: weights(spectra) for kind, spectra in queries.items()}
    for way, name in (("inverted", "SciPy, inverted CSR"), ("rows", "SciPy, CSR by dense")):
        cosine.search(way, rows["known"][0])
        table.row("ei-default-whole-range", "weighted cosine", name, lambda kind, number: cosine.search(way, rows[kind][number]))
    table.row("ei-composite-whole-range", "composite", "a cosine alone by SciPy, inverted CSR",
              lambda kind, number: cosine.search("inverted", rows[kind][number]), same_definition=False)
    table.batch_row("ei-default-whole-range", "weighted cosine, batch", "NumPy GEMM of 64",
                    lambda kind: cosine.batch(rows[kind][:64]))
    pair = matchms_ms_a_pair(library, queries["known"])
    print(f"| matchms CosineGreedy | | {pair * len(library):.0f} (from {pair * 1e3:.0f} us a pair) | |", flush=True)
    del cosine
    composite = CompositePeer(library)
    asked = {kind: [composite.query(spectra, number) for number in range(len(spectra))] for kind, spectra in queries.items()}
    composite.search(asked["known"][0])
    table.row("ei-composite-whole-range", "composite", "SciPy and NumPy", lambda kind, number: composite.search(asked[kind][number]))
    del composite
    for method in ("ei-default", "ei-composite", "ei-composite-whole-range", "nist-simple", "nist-identity"):
        table.alone(method, method)
    table.alone("nist-identity, no probability", "nist-identity")
    entropy = EntropyPeer(library, 0.02)
    print(f"| build | | ms_entropy {entropy.build_s:.0f} CPU s, {entropy.resident_mib:.0f} MiB | |", flush=True)
    entropy.search("open", 0.0, queries["known"].shares(0))
    table.row("ei-entropy", "entropy", "ms_entropy open",
              lambda kind, number: entropy.search("open", 0.0, queries[kind].shares(number)))


def product_ions(table: Table, library: Spectra, queries: dict[str, Spectra]) -> None:
    entropy = EntropyPeer(library, 0.02)
    print(f"| build | | ms_entropy {entropy.build_s:.0f} CPU s, {entropy.resident_mib:.0f} MiB | |", flush=True)
    for method, search in (
        ("msms-entropy-open", "open"),
        ("msms-entropy", "identity"),
        ("msms-entropy-neutral-loss", "neutral_loss"),
        ("msms-entropy-hybrid", "hybrid"),
    ):
        def peer(kind: str, number: int):
            return entropy.search(search, float(queries[kind].precursor_mz[number]), queries[kind].shares(number))

        peer("known", 0)
        table.row(method, f"`{method}`", f"ms_entropy {search}", peer)


def main() -> None:
    binary, kind, entries, replicates, folder = sys.argv[1:]
    arguments = (kind, entries, replicates, folder)
    print(f"\n{kind}, {entries} spectra, {replicates} of each compound; CPU ms a query, one thread, ten hits, 200 queries "
          "of each set\n")
    print("| work | Probity | peer | ratio of means |\n| --- | --- | --- | --- |")
    for line in probity(binary, "build", *arguments):
        size = f", {line['bytes'] / 2**20:.0f} MiB" if "bytes" in line else ""
        print(f"| {line['work']} {line.get('method', '')} | {line['cpu_s']:.1f} CPU s{size} | | |", flush=True)
    table = Table(probity(binary, "time", *arguments), lambda method: probity(binary, "again", *arguments, method))
    library = Spectra(Path(folder) / "library.spectra")
    queries = {name: Spectra(Path(folder) / f"{name}.spectra") for name in SETS}
    print(f"| peaks of a spectrum | {len(library.mz) / len(library):.1f} | | |")
    (electron_ionization if kind == "ei" else product_ions)(table, library, queries)
    if table.failed:
        sys.exit("the programs disagree on more hits than the edges of windows explain")


main()
