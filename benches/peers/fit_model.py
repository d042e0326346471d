"""Prints the statistics of real spectra that the model in benches/src/model was fitted to, and those of the model's own
spectra beside them.

    fit_model.py FOLDER              the data pack's `ms` folder
    fit_model.py FOLDER EI MSMS      and files that `peers build` wrote (library.spectra) for either kind, that of EI with one
                                     spectrum of each of 3,682 compounds, as many as the references have
"""

import gzip
import sys
from pathlib import Path

import numpy as np

from spectra import Spectra

DECILES = np.arange(0, 101, 10)


class Peaks:
    """Peaks and precursors of many spectra."""

    def __init__(self):
        self.spectra: list[tuple[np.ndarray, np.ndarray]] = []
        self.precursor_mz: list[float] = []
        self.compound: list[str] = []

    @classmethod
    def of_msp(cls, *paths: Path) -> "Peaks":
        """Of MSP files as the data pack has them: one peak, or several separated by semicolons, on a line."""
        self = cls()
        for path in paths:
            opened = gzip.open(path, "rt", errors="replace") if path.suffix == ".gz" else open(path, errors="replace")
            with opened as file:
                expected, peaks, precursor, compound = 0, [], 0.0, ""
                for line in file:
                    if expected > 0:
                        for text in line.split(";"):
                            numbers = text.split()
                            if len(numbers) >= 2:
                                peaks.append((float(numbers[0]), float(numbers[1])))
                                expected -= 1
                        if expected <= 0:
                            self.add(np.array(peaks), precursor, compound)
                            precursor, compound = 0.0, ""
                    elif ":" in line:
                        field, _, value = line.partition(":")
                        match field.strip().lower():
                            case "inchikey":
                                compound = value.strip()[:14]
                            case "num peaks":
                                expected, peaks = int(value), []
                            case "precursormz" | "precursor_mz":
                                first = value.split()[:1]
                                precursor = float(first[0]) if first and first[0].replace(".", "").isdigit() else 0.0
        return self

    @classmethod
    def of_model(cls, path: Path) -> "Peaks":
        self = cls()
        spectra = Spectra(path)
        for number in range(min(len(spectra), 50_000)):
            mz, intensity = spectra.peaks(number)
            self.add(np.stack([mz, intensity], axis=1), spectra.precursor_mz[number])
        return self

    def add(self, peaks: np.ndarray, precursor_mz: float, compound: str = "") -> None:
        peaks = peaks[peaks[:, 1] > 0] if len(peaks) else peaks
        if len(peaks):
            self.spectra.append((peaks[:, 0], peaks[:, 1] / peaks[:, 1].max()))
            self.precursor_mz.append(precursor_mz)
            # One without a key stands for itself.
            self.compound.append(compound or str(len(self.compound)))

    def kept(self, floor: float, whole: bool) -> list[tuple[np.ndarray, np.ndarray]]:
        """Peaks from a share of the base peak on; at whole m/z, boundary 0.7, the largest of each."""
        kept = []
        for mz, intensity in self.spectra:
            if whole:
                mz, places = np.unique(np.floor(mz + 0.3).astype(int), return_inverse=True)
                largest = np.zeros(len(mz))
                np.maximum.at(largest, places, intensity)
                intensity = largest
            kept.append((mz[intensity >= floor], intensity[intensity >= floor]))
        return kept


def deciles(name: str, values) -> None:
    print(f"  {name}: {np.round(np.quantile(values, DECILES / 100), 2).tolist()}, mean {np.mean(values):.2f}")


def electron_ionization(name: str, peaks: Peaks) -> None:
    kept = peaks.kept(0.002, whole=True)
    print(f"{name}, {len(kept)} spectra, peaks of at least 0.2 % of the base peak")
    deciles("peaks", [len(mz) for mz, _ in kept])
    deciles("first m/z", [mz[0] for mz, _ in kept])
    deciles("last m/z", [mz[-1] for mz, _ in kept])
    deciles("log10 intensity", np.log10(np.concatenate([intensity for _, intensity in kept])))
    present, covered = np.zeros(500), np.zeros(500)
    for mz, _ in kept:
        present[mz[mz < 500]] += 1
        covered[mz[0] : min(mz[-1], 499) + 1] += 1
    occupancy = present / np.maximum(covered, 1)
    density = [len(mz) / max(occupancy[mz[0] : min(mz[-1], 499) + 1].sum(), 1) for mz, _ in kept]
    deciles("peaks by those that the occupancies let expect", density)
    print(f"  occupancy in % from m/z 30: {np.round(100 * occupancy[30:330]).astype(int).tolist()}")
    print(f"  from m/z 330 to 450 on average: {100 * occupancy[330:450].mean():.0f}")
    logs = np.zeros(500)
    for mz, intensity in kept:
        logs[mz[mz < 500]] += np.log10(intensity[mz < 500])
    higher = logs / np.maximum(present, 1) - np.log10(np.concatenate([intensity for _, intensity in kept])).mean()
    print(f"  log10 intensity above the average in hundredths from m/z 30: {np.round(100 * higher[30:330]).astype(int).tolist()}")
    share = present / len(kept)
    print(f"  peaks that two spectra share on average: {share @ share:.1f}")
    neighbours(kept)
    pairs([kept[number] for number in np.sort(np.unique(peaks.compound, return_index=True)[1])])


def neighbours(kept: list[tuple[np.ndarray, np.ndarray]]) -> None:
    """How alike the logarithms of intensities at neighbouring m/z are, the means of m/z and spectrum taken off."""
    logs = np.full((len(kept), 700), np.nan)
    for row, (mz, intensity) in enumerate(kept):
        logs[row, mz[mz < 700]] = np.log10(intensity[mz < 700])
    logs[:, np.isfinite(logs).sum(axis=0) < 100] = np.nan
    columns = np.isfinite(logs).any(axis=0)
    logs = logs[:, columns] - np.nanmean(logs[:, columns], axis=0)
    of_spectra = np.nanmean(logs, axis=1, keepdims=True, where=np.isfinite(logs).any(axis=1, keepdims=True))
    print(f"  log10 intensity of a spectrum on average, standard deviation: {np.nanstd(of_spectra):.2f}")
    logs -= of_spectra
    one, next_one = logs[:, :-1], logs[:, 1:]
    both = np.isfinite(one) & np.isfinite(next_one)
    print(f"  correlation of neighbours' log10 intensity: {np.corrcoef(one[both], next_one[both])[0, 1]:.2f}")


def entropy_part(x: np.ndarray) -> np.ndarray:
    return np.where(x > 0, x * np.log2(np.where(x > 0, x, 1.0)), 0.0)


def entropy_weights(rows: np.ndarray) -> np.ndarray:
    """Shares of the sum, weighed by the spectrum's entropy as Li and Fiehn do."""
    shares = rows / rows.sum(axis=1, keepdims=True)
    entropy = -entropy_part(shares).sum(axis=1, keepdims=True) * np.log(2.0)
    weighed = np.where(shares > 0, shares ** np.where(entropy < 3.0, 0.25 + 0.25 * entropy, 1.0), 0.0)
    return weighed / weighed.sum(axis=1, keepdims=True)


def cosine_weights(rows: np.ndarray, mz_power: float, power: float) -> np.ndarray:
    weighed = np.arange(rows.shape[1]) ** mz_power * rows**power
    return weighed / np.linalg.norm(weighed, axis=1, keepdims=True)


def pairs(kept: list[tuple[np.ndarray, np.ndarray]], queries: int = 100) -> None:
    """How alike spectra of different compounds are: some as queries, all others as the library."""
    rows = np.zeros((len(kept), 1024))
    for row, (mz, intensity) in enumerate(kept):
        rows[row, mz[mz < 1024]] = intensity[mz < 1024]
    order = np.random.default_rng(0).permutation(len(kept))
    cosines, squares = cosine_weights(rows, 1.3, 0.53), cosine_weights(rows, 1.0, 0.5)
    weights, library = entropy_weights(rows), order[queries:]
    scores: dict[str, list[np.ndarray]] = {}
    for query in order[:queries]:
        columns = np.flatnonzero(rows[query])
        ours, theirs = weights[query, columns], weights[np.ix_(library, columns)]
        terms = (entropy_part(ours + theirs) - entropy_part(ours) - entropy_part(theirs)) / 2
        present = rows[np.ix_(library, columns)] > 0
        logs = np.log(np.where(present, rows[np.ix_(library, columns)], 1.0)) - np.log(rows[query, columns])
        last, ratios = np.full(len(library), np.nan), np.zeros(len(library))
        for column in range(len(columns)):
            ratio = np.nan_to_num(np.exp(-np.abs(logs[:, column] - last)))
            ratios += np.where(present[:, column], ratio, 0.0)
            last = np.where(present[:, column], logs[:, column], last)
        common = present.sum(axis=1)
        ratio, square = ratios / np.maximum(common - 1, 1), (squares[library] @ squares[query]) ** 2
        composite = (len(columns) * square + common * ratio) / (len(columns) + common)
        of_query = {
            "cosine": cosines[library] @ cosines[query],
            "entropy": terms.sum(axis=1),
            "composite": np.where(common > 1, composite, square),
            "mean ratio, where over 10 peaks are common": ratio[common > 10],
        }
        for name, values in of_query.items():
            if len(values):
                tenth = np.sort(values)[-10:][0]
                quantiles = np.quantile(values, (0.5, 0.9, 0.99))
                scores.setdefault(name, []).append(np.array([values.mean(), values.std(), *quantiles, tenth]))
    for name, values in scores.items():
        mean = np.round(np.mean(values, axis=0), 3).tolist()
        print(f"  {name} with other compounds, mean, standard deviation, median, 90 %, 99 %, tenth best: {mean}")


def product_ions(name: str, peaks: Peaks) -> None:
    kept = peaks.kept(0.01, whole=False)
    precursors = np.array(peaks.precursor_mz)
    print(f"{name}, {len(kept)} spectra, peaks of at least 1 % of the base peak")
    deciles("peaks", [len(mz) for mz, _ in kept])
    deciles("precursor m/z", precursors[precursors > 0])
    deciles("log10 intensity", np.log10(np.concatenate([intensity for _, intensity in kept])))
    stated = [mz / precursor for (mz, _), precursor in zip(kept, precursors) if precursor > 0]
    deciles("m/z by that of the precursor", np.concatenate(stated))
    every = np.sort(np.concatenate([mz for mz, _ in kept]))
    chosen = np.random.default_rng(1).choice(len(kept), min(len(kept), 300), replace=False)
    touched = [
        sum(np.searchsorted(every, mz + 0.02) - np.searchsorted(every, mz - 0.02) for mz in kept[number][0])
        for number in chosen
    ]
    shares = np.array(touched) / len(every)
    print(f"  share of all peaks within 0.02 of a query's: mean {shares.mean():.4f}, median {np.median(shares):.4f}")


def main() -> None:
    folder, *models = sys.argv[1:]
    folder = Path(folder)
    references = (folder / "ei_reference_swgdrug.msp.gz", folder / "ei_reference_massbank.msp.gz")
    electron_ionization("SWGDRUG and MassBank", Peaks.of_msp(*references))
    if models:
        electron_ionization("model", Peaks.of_model(Path(models[0])))
    product_ions("MassBank", Peaks.of_msp(folder / "msms_reference.msp.gz"))
    if models:
        product_ions("model", Peaks.of_model(Path(models[1])))


main()
