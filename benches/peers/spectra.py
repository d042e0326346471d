"""The spectra that Probity's `peers build` wrote, and what is measured of this process."""

import time
from pathlib import Path

import numpy as np


class Spectra:
    """All spectra of a file, as columns."""

    def __init__(self, path: Path):
        with open(path, "rb") as file:
            count, peaks = (int(number) for number in np.fromfile(file, "<u8", 2))
            self.offsets = np.fromfile(file, "<u8", count + 1).astype(np.int64)
            self.precursor_mz = np.fromfile(file, "<f8", count)
            self.mz = np.fromfile(file, "<f8", peaks)
            self.intensity = np.fromfile(file, "<f8", peaks)

    def __len__(self) -> int:
        return len(self.precursor_mz)

    def peaks(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        """m/z and intensity of one spectrum."""
        places = slice(self.offsets[number], self.offsets[number + 1])
        return self.mz[places], self.intensity[places]

    def shares(self, number: int) -> np.ndarray:
        """m/z and share of the sum of intensities, as a float32 array of two columns."""
        mz, intensity = self.peaks(number)
        if len(mz) == 0:
            return np.zeros((0, 2), dtype=np.float32)
        return np.stack([mz, intensity / intensity.sum()], axis=1).astype(np.float32)


def cpu_seconds(work):
    """What `work` returns, and the CPU time of this process that it took."""
    start = time.process_time_ns()
    result = work()
    return result, (time.process_time_ns() - start) / 1e9


def resident_mib() -> float:
    """Memory of this process."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("there is no VmRSS")


def best(scores: np.ndarray, wanted: int = 10) -> np.ndarray:
    """The positions of the best scores above 0, best first. Only these are partitioned: most scores may be 0."""
    places = np.flatnonzero(scores)
    if len(places) > wanted:
        places = places[np.argpartition(scores[places], -wanted)[-wanted:]]
    return places[np.argsort(-scores[places], kind="stable")]
