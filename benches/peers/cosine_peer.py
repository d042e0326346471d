"""Weighted cosine at unit mass with SciPy and NumPy, and matchms for scale."""

import numpy as np
import scipy.sparse as sparse
from matchms import Spectrum
from matchms.similarity import CosineGreedy

from spectra import Spectra, best, cpu_seconds

MZ_POWER, INTENSITY_POWER = 1.3, 0.53


def weights(
    spectra: Spectra, mz_power: float = MZ_POWER, intensity_power: float = INTENSITY_POWER
) -> sparse.csr_matrix:
    """A row for each spectrum: weights by m/z, of norm 1."""
    columns = spectra.mz.astype(np.int64)
    values = columns**mz_power * spectra.intensity**intensity_power
    matrix = sparse.csr_matrix((values, columns, spectra.offsets), shape=(len(spectra), 1024))
    norms = np.sqrt(
        np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel()
    )
    return sparse.diags(1.0 / np.maximum(norms, 1e-300)).dot(matrix).tocsr().astype(np.float32)


class CosinePeer:
    """Three ways to multiply the library's matrix with a query's row."""

    def __init__(self, library: Spectra):
        self.rows = weights(library)
        (self.inverted, self.dense), self.build_s = cpu_seconds(
            lambda: (self.rows.T.tocsr(), self.rows.toarray())
        )

    def search(self, kind: str, query: sparse.csr_matrix):
        """Scores, the best ten, and the CPU milliseconds."""

        def work():
            match kind:
                case "inverted":
                    scores = query @ self.inverted
                    scores = np.asarray(scores.todense()).ravel()
                case "rows":
                    scores = self.rows @ query.toarray().ravel()
                case _:
                    raise ValueError(kind)
            return scores, best(scores)

        (scores, places), seconds = cpu_seconds(work)
        return scores, places, seconds * 1e3

    def batch(self, queries: sparse.csr_matrix) -> float:
        """CPU milliseconds a query for all of them in one dense product."""

        def work():
            scores = self.dense @ queries.toarray().T
            return [best(scores[:, number].copy()) for number in range(scores.shape[1])]

        return cpu_seconds(work)[1] * 1e3 / queries.shape[0]


def matchms_ms_a_pair(library: Spectra, queries: Spectra, pairs: int = 300) -> float:
    """CPU milliseconds of CosineGreedy for one pair."""

    def spectrum(spectra: Spectra, number: int) -> Spectrum:
        mz, intensity = spectra.peaks(number)
        return Spectrum(mz=mz.copy(), intensities=intensity / intensity.max(), metadata={"precursor_mz": 1.0})

    cosine = CosineGreedy(tolerance=0.02, mz_power=MZ_POWER, intensity_power=INTENSITY_POWER)
    numbers = [(number * 7919 % len(library), number % len(queries)) for number in range(pairs)]
    chosen = [(spectrum(library, one), spectrum(queries, other)) for one, other in numbers]
    # Compiled on the first call.
    cosine.pair(*chosen[0])
    _, seconds = cpu_seconds(lambda: [cosine.pair(one, other) for one, other in chosen])
    return seconds * 1e3 / pairs
