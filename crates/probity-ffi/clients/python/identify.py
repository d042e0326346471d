"""Identifies the spectra of a file: hits, ions for and against, a batch that is watched and stopped, errors.

usage: identify.py libprobity.so SPECTRUM-FILE
"""

import ctypes
import sys
from ctypes import POINTER, byref, c_char_p, c_double, c_int32, c_size_t, c_uint32, c_uint64, c_void_p, sizeof

OK, ABI_VERSION = 0, 1
EVIDENCE = [(1, "matched"), (2, "unexplained"), (3, "missing")]
PROGRESS = ctypes.CFUNCTYPE(c_int32, c_void_p, c_uint64, c_uint64)


class Hit(ctypes.Structure):
    _fields_ = [("struct_size", c_uint32), ("keyed_as_parent", c_int32), ("rank", c_uint64), ("entry_id", c_uint64),
                ("first_measure", c_double), ("retention_index_penalty", c_double),
                ("retention_index_difference", c_double), ("measure_count", c_size_t), ("name", c_char_p),
                ("formula", c_char_p), ("inchikey", c_char_p), ("substance_key", c_char_p), ("cas_numbers", c_char_p),
                ("substance_class", c_char_p), ("accession", c_char_p), ("source", c_char_p),
                ("contributor", c_char_p)]


class Evidence(ctypes.Structure):
    _fields_ = [("struct_size", c_uint32), ("is_bands", c_int32), ("count", c_size_t), ("explained_share", c_double),
                ("found_share", c_double), ("query_position", POINTER(c_double)),
                ("query_intensity", POINTER(c_double)), ("library_position", POINTER(c_double)),
                ("library_intensity", POINTER(c_double))]


class BatchOptions(ctypes.Structure):
    _fields_ = [("struct_size", c_uint32), ("threads", c_uint32), ("progress", PROGRESS), ("user_data", c_void_p)]


class ProbityError(Exception):
    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


def load(path):
    """Declares what each function takes: without it ctypes cuts pointers to 32 bits."""
    library = ctypes.CDLL(path)
    out, size, text = POINTER(c_void_p), c_size_t, [c_char_p, c_size_t]
    calls = {
        "library_open_starter": [out], "method_named": [*text, out], "searcher_new": [c_void_p] * 3 + [out],
        "query_list_from_file": [*text, c_void_p, out],
        "query_peaks": [c_void_p, POINTER(POINTER(c_double)), POINTER(POINTER(c_double)), POINTER(size)],
        "query_from_peaks": [POINTER(c_double), POINTER(c_double), size, c_void_p, out],
        "searcher_search": [c_void_p] * 3 + [out], "searcher_identify": [c_void_p] * 3 + [out],
        "hit_list_hit": [c_void_p, size, POINTER(Hit)],
        "finding_evidence": [c_void_p, size, c_int32, POINTER(Evidence)],
        "batch_options_init": [POINTER(BatchOptions), size],
        "searcher_search_many": [c_void_p, POINTER(c_void_p), size, c_void_p, POINTER(BatchOptions), out],
    }
    for name, arguments in calls.items():
        function = getattr(library, "probity_" + name)
        function.argtypes, function.restype = [*arguments, out], c_int32
    plain = {
        "query_list_query": ([c_void_p, size], c_void_p), "query_name": ([c_void_p], c_char_p),
        "finding_hits": ([c_void_p], c_void_p), "finding_outcome_name": ([c_void_p], c_char_p),
        "finding_digest": ([c_void_p], c_char_p), "hit_list_count": ([c_void_p], size),
        "batch_count": ([c_void_p], size), "error_text": ([c_void_p], c_char_p), "abi_version": ([], c_int32),
    }
    for name in ("library", "method", "searcher", "query_list", "query", "hit_list", "finding", "batch", "error"):
        plain[name + "_free"] = ([c_void_p], None)
    for name, (arguments, result) in plain.items():
        function = getattr(library, "probity_" + name)
        function.argtypes, function.restype = arguments, result
    return library


probity = load(sys.argv[1])


def call(name, *arguments):
    """Calls a function that can fail; its error becomes an exception."""
    error = c_void_p()
    status = getattr(probity, "probity_" + name)(*arguments, byref(error))
    if status != OK:
        text = probity.probity_error_text(error).decode()
        probity.probity_error_free(error)
        raise ProbityError(status, text)


class Handle:
    """What a function makes as its last output; freed at the end of `with`."""

    def __init__(self, kind, name, *arguments):
        self.kind, self.value = kind, c_void_p()
        call(name, *arguments, byref(self.value))

    def __enter__(self):
        return self.value

    def __exit__(self, *_):
        getattr(probity, f"probity_{self.kind}_free")(self.value)


def provoke(word, name, *arguments):
    try:
        call(name, *arguments)
    except ProbityError as error:
        print(word, error.status, error)
    else:
        sys.exit(f"{name} did not fail")


def read_hit(hits, index):
    hit = Hit(struct_size=sizeof(Hit))
    call("hit_list_hit", hits, index, byref(hit))
    return hit


def print_finding(searcher, query):
    with Handle("finding", "searcher_identify", searcher, query, None) as finding:
        hits = probity.probity_finding_hits(finding)
        for index in range(probity.probity_hit_list_count(hits)):
            hit = read_hit(hits, index)
            print(f"hit {hit.rank} {hit.entry_id} {hit.first_measure:.6f} {hit.name.decode()}")
        for which, word in EVIDENCE:
            ions = Evidence(struct_size=sizeof(Evidence))
            call("finding_evidence", finding, 0, which, byref(ions))
            columns = [ions.query_position, ions.query_intensity, ions.library_position, ions.library_intensity]
            for row in range(ions.count):
                print(word, *(f"{column[row]:.4f}" for column in columns if column))
        print("outcome", probity.probity_finding_outcome_name(finding).decode())
        print("digest", probity.probity_finding_digest(finding).decode())


def print_from_arrays(searcher, read):
    mz, intensity, count = POINTER(c_double)(), POINTER(c_double)(), c_size_t()
    call("query_peaks", read, byref(mz), byref(intensity), byref(count))
    column = c_double * count.value
    mz, intensity = column(*mz[: count.value]), column(*intensity[: count.value])
    with Handle("query", "query_from_peaks", mz, intensity, count, None) as query, \
            Handle("hit_list", "searcher_search", searcher, query, None) as hits:
        hit = read_hit(hits, 0)
        print(f"arrays {hit.first_measure:.6f} {hit.name.decode()}")


def batch(searcher, query):
    told = 0

    def count_up(_, done, total):
        nonlocal told
        told = done
        return int(done > total)

    queries = (c_void_p * 100)(*[query] * 100)
    options = BatchOptions()
    call("batch_options_init", byref(options), sizeof(options))
    options.threads, options.progress = 2, PROGRESS(count_up)
    with Handle("batch", "searcher_search_many", searcher, queries, 100, None, byref(options)) as answers:
        print(f"batch {probity.probity_batch_count(answers)} answers, {told} told")
    options.progress = PROGRESS(lambda *_: 1)
    provoke("cancelled", "searcher_search_many", searcher, queries, 100, None, byref(options), byref(c_void_p()))


def mistakes(searcher, query):
    made, bad = c_void_p(), (c_double * 2)(50, -1)
    provoke("error", "method_named", b"no-such-method", 14, byref(made))
    provoke("error", "query_from_peaks", bad, bad, 2, None, byref(made))
    provoke("error", "searcher_search", None, query, None, byref(made))
    with Handle("hit_list", "searcher_search", searcher, query, None) as hits:
        provoke("error", "hit_list_hit", hits, 10, byref(Hit(struct_size=sizeof(Hit))))
        provoke("error", "hit_list_hit", hits, 0, byref(Hit(struct_size=0)))


def main():
    if probity.probity_abi_version() != ABI_VERSION:
        sys.exit("this program was written for another ABI of the library")
    path = sys.argv[2].encode()
    with Handle("library", "library_open_starter") as library, \
            Handle("method", "method_named", b"ei-default", 10) as method, \
            Handle("searcher", "searcher_new", library, method, None) as searcher, \
            Handle("query_list", "query_list_from_file", path, len(path), None) as queries:
        query = probity.probity_query_list_query(queries, 0)
        print("query", probity.probity_query_name(query).decode())
        print_finding(searcher, query)
        print_from_arrays(searcher, query)
        batch(searcher, query)
        mistakes(searcher, query)


main()
