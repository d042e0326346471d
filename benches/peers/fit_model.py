"""Prints the statistics of real spectra that the model in benches/src/model was fitted to, and those of the model's own
spectra beside them.

    fit_model.py FOLDER              the data pack's `ms` folder
    fit_model.py FOLDER EI MSMS      and files that `peers build` wrote (library.spectra) for either kind
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

    @classmethod
    def of_msp(cls, *paths: Path) -> "Peaks":
        """Of MSP files as the data pack has them: one peak, or several separated by semicolons, on a line."""
        self = cls()
        for path in paths:
            opened = gzip.open(path, "rt", errors="replace") if path.suffix == ".gz" else open(path, errors="replace")
            with opened as file:
                expected, peaks, precursor = 0, [], 0.0
                for line in file:
                    if expected > 0:
                        for text in line.split(";"):
                            numbers = text.split()
                            if len(numbers) >= 2:
                                peaks.append((float(numbers[0]), float(numbers[1])))
                                expected -= 1
                        if expected <= 0:
                            self.add(np.array(peaks), precursor)
                            precursor = 0.0
                    elif ":" in line:
                        field, _, value = line.partition(":")
                        match field.strip().lower():
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

    def add(self, peaks: np.ndarray, precursor_mz: float) -> None:
        peaks = peaks[peaks[:, 1] > 0] if len(peaks) else peaks
        if len(peaks):
            self.spectra.append((peaks[:, 0], peaks[:, 1] / peaks[:, 1].max()))
            self.precursor_mz.append(precursor_mz)

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
    share = present / len(kept)
    print(f"  peaks that two spectra share on average: {share @ share:.1f}")


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
