"""Stein and Scott's composite at unit mass with SciPy and NumPy: weights m I^0.5, the ten best exactly.

composite = (N_U F_D + N_C F_R) / (N_U + N_C), with the squared cosine F_D, N_U peaks of the query, N_C common peaks, and the mean
F_R of min(r, 1/r) over neighbours among these, r being the ratio of both spectra's ratios of intensities. Neither library has
it. Cosines and numbers of common peaks of all spectra come from two sparse products; ratios are looked at only where a mean
ratio of 1 could still make a hit, the best first.
"""

import numpy as np
import scipy.sparse as sparse

from cosine_peer import weights
from spectra import Spectra, best, cpu_seconds

# Spectra whose ratios are computed together.
TOGETHER = 2_000


class CompositePeer:
    def __init__(self, library: Spectra):
        def build():
            rows = weights(library, 1.0, 0.5)
            common = rows.copy()
            common.data = np.ones_like(common.data)
            logarithms = sparse.csr_matrix(
                (np.log(library.intensity), rows.indices, rows.indptr), shape=rows.shape
            )
            # Missing peaks are no number, of which every comparison is false.
            dense = np.full(rows.shape, np.nan, dtype=np.float32)
            of_peaks = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
            dense[of_peaks, rows.indices] = logarithms.data
            return rows.T.tocsr(), common.T.tocsr(), dense

        (self.inverted, self.common, self.logarithms), self.build_s = cpu_seconds(build)

    def query(self, queries: Spectra, number: int):
        """The weights of a query, and the logarithms of its intensities by m/z."""
        mz, intensity = queries.peaks(number)
        mz = mz.astype(np.int64)
        values = mz * np.sqrt(intensity)
        row = sparse.csr_matrix((values / np.linalg.norm(values), (np.zeros_like(mz), mz)), shape=(1, self.inverted.shape[0]))
        return row.astype(np.float32), mz, np.log(intensity)

    def search(self, query):
        """Scores, the best ten, and the CPU milliseconds."""
        (scores, places), seconds = cpu_seconds(lambda: self.ten_best(*query))
        return scores, places, seconds * 1e3

    def ten_best(self, row: sparse.csr_matrix, mz: np.ndarray, logarithms: np.ndarray):
        once = row.copy()
        once.data = np.ones_like(once.data)
        squared = np.asarray((row @ self.inverted).todense()).ravel() ** 2
        common = np.asarray((once @ self.common).todense()).ravel()
        own = len(mz)
        bounds = np.where(common > 1, (own * squared + common) / (own + common), squared)
        scores = np.zeros(len(bounds))
        # The hundred best bounds set a threshold for all others.
        first = np.argpartition(bounds, -100)[-100:]
        scores[first] = self.composites(first, squared, common, mz, logarithms)
        threshold = np.sort(scores[first])[-10]
        rest = np.flatnonzero(bounds >= threshold)
        rest = rest[np.argsort(-bounds[rest])]
        for start in range(0, len(rest), TOGETHER):
            some = rest[start : start + TOGETHER]
            if bounds[some[0]] < threshold:
                break
            scores[some] = self.composites(some, squared, common, mz, logarithms)
            threshold = max(threshold, np.sort(scores[some])[-10:][0] if len(some) >= 10 else threshold)
        return scores, best(scores)

    def composites(self, rows, squared, common, mz, logarithms) -> np.ndarray:
        apart = self.logarithms[np.ix_(rows, mz)] - logarithms.astype(np.float32)
        places = np.where(np.isnan(apart), -1, np.arange(len(mz)))
        before = np.maximum.accumulate(places, axis=1)[:, :-1]
        last = np.where(before < 0, np.nan, np.take_along_axis(apart, np.maximum(before, 0), axis=1))
        ratios = np.nansum(np.exp(-np.abs(apart[:, 1:] - last)), axis=1)
        squared, common, own = squared[rows], common[rows], len(mz)
        mean = ratios / np.maximum(common - 1, 1)
        return np.where(common > 1, (own * squared + common * mean) / (own + common), squared)
