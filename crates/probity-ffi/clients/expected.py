"""What every client must print, from the JSON that the command writes of the same query. Of errors that is the
status; their sentences are compared between the clients.

usage: expected.py FINDINGS.json
"""

import json
import sys

COLUMNS = ("query_mz", "query_relative_intensity", "library_mz", "library_relative_intensity")
# As the header has them: not found, malformed, NULL pointer, index out of range, size of a struct.
MISTAKES = (16, 30, 11, 14, 12)
CANCELLED = 90

with open(sys.argv[1], encoding="utf-8") as file:
    [finding] = json.load(file)
first = finding["method"]["measures"][0]["name"]
hits = finding["hits"]
# Facts of the sample: its publication names the substance.
assert hits[0]["name"] == "Flubromazepam" and len(hits) == 10 and hits[0]["evidence"]["matched"]
print("query", finding["query"]["name"])
for hit in hits:
    print(f"hit {hit['rank']} {hit['entry_id']} {hit['measures'][first]:.6f} {hit['name']}")
for kind in ("matched", "unexplained", "missing"):
    for ion in hits[0]["evidence"][kind]:
        if kind == "matched":
            numbers = [ion[column] for column in COLUMNS]
        else:
            numbers = [ion["mz"], ion["relative_intensity"]]
        print(kind, *(f"{number:.4f}" for number in numbers))
print("outcome", finding["outcome"]["kind"])
print("digest", finding["digest"])
print(f"arrays {hits[0]['measures'][first]:.6f} {hits[0]['name']}")
print("batch 100 answers, 100 told")
print("cancelled", CANCELLED)
for status in MISTAKES:
    print("error", status)
