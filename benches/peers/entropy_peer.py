"""ms_entropy's Flash entropy search on the spectra that Probity searched."""

import numpy as np
from ms_entropy import FlashEntropySearch

from spectra import Spectra, best, cpu_seconds, resident_mib


class EntropyPeer:
    """An index of ms_entropy over a library."""

    def __init__(self, library: Spectra, tolerance: float):
        # Sorted as the index sorts them, and without the empty ones, so that its positions can be told.
        order = np.argsort(library.precursor_mz, kind="stable")
        self.ids = np.array([number for number in order if library.offsets[number] < library.offsets[number + 1]])
        self.count = len(library)
        self.tolerance = tolerance
        before = resident_mib()
        spectra = [
            {"precursor_mz": float(library.precursor_mz[number]), "peaks": library.shares(number)}
            for number in range(len(library))
        ]
        self.index = FlashEntropySearch()
        # The model's spectra are clean already; weighting by entropy is part of the index.
        _, self.build_s = cpu_seconds(lambda: self.index.build_index(spectra, clean_spectra=False))
        del spectra
        self.resident_mib = resident_mib() - before

    def search(self, kind: str, precursor_mz: float, peaks: np.ndarray):
        """Scores by position in the library, the best ten of them, and the CPU milliseconds."""
        tolerance = self.tolerance

        def work():
            match kind:
                case "open":
                    scores = self.index.open_search(peaks=peaks, ms2_tolerance_in_da=tolerance)
                case "identity":
                    scores = self.index.identity_search(
                        precursor_mz=precursor_mz, peaks=peaks, ms1_tolerance_in_da=0.01, ms2_tolerance_in_da=tolerance
                    )
                case "neutral_loss":
                    scores = self.index.neutral_loss_search(
                        precursor_mz=precursor_mz, peaks=peaks, ms2_tolerance_in_da=tolerance
                    )
                case "hybrid":
                    scores = self.index.hybrid_search(
                        precursor_mz=precursor_mz, peaks=peaks, ms2_tolerance_in_da=tolerance
                    )
                case _:
                    raise ValueError(kind)
            return scores, best(scores)

        (scores, places), seconds = cpu_seconds(work)
        by_id = np.zeros(self.count, dtype=np.float32)
        by_id[self.ids] = scores
        return by_id, self.ids[places], seconds * 1e3
