#!/usr/bin/env python3
"""Restates the substance table as `substances.tsv`, after the corrections in `corrections.tsv`.

    python3 make_registry.py FOLDER          writes substances.tsv beside this script
    python3 make_registry.py FOLDER --check  says whether the file is what would be written

FOLDER is the one that PROBITY_DATA names: it holds `substances.csv` and the libraries under `ms/`,
which serve to find names that belong to another substance. Standard library only. Everything that is
left out or changed is counted and printed.
"""

import collections
import csv
import gzip
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
COLUMNS = [
    "name", "synonyms", "formula", "inchikey", "cas_numbers", "kind", "group", "listing", "convention",
    "schedule", "year", "list_source", "list_verification", "stereo", "relation", "identity_source", "note",
]
SOURCES = {
    "INCB list (recalled)": ("INCB Yellow and Green List, restated from memory", "unverified"),
    "LE-OSINT precursors 2026-10 + VN Decree 28/2026 IVA":
        ("LE-OSINT table of precursors, October 2026, and Viet Nam Decree 28/2026, list IV A", "verified"),
}
# Table I substances that serve to make another substance of Table I; E/INCB press release of 21 March
# 2019 calls APAA and the PMK glycidates so, the others are their analogues or masked forms.
PRE_PRECURSOR = re.compile(r"methyl glycidic acid|phenylacetoacet|\bboc\b|carboxylate$", re.I)
# Atomic masses of the principal isotopes in Da (AME2020), for the check of formulas.
MASSES = {
    "H": 1.00782503, "C": 12.0, "N": 14.00307400, "O": 15.99491462, "F": 18.99840316, "P": 30.97376200,
    "S": 31.97207117, "Cl": 34.96885268, "K": 38.96370649, "Mn": 54.93804391, "Br": 78.9183376, "I": 126.904472,
}
SALT = re.compile(r"\b(hydrochloride|hcl|hydrobromide|sul(f|ph)ate|(bi)?tartrate|citrate|fumarate|maleate|phosphate|hydrate)\b", re.I)
LOOSE_WORDS = {
    "na", "nd", "n/a", "not available", "n o t d e t e rmined", "pending", "and", "alcohol", "smiles",
}


def normal(name):
    """Names that differ in case, blanks and hyphens only are the same."""
    name = name.lower().replace("\u200b", "")
    for letter, word in (("α", "alpha"), ("β", "beta"), ("γ", "gamma"), ("δ", "delta"), ("ω", "omega"), ("Δ", "delta")):
        name = name.replace(letter, word)
    name = re.sub(r"\.(alpha|beta|gamma|delta|omega)\.", r"\1", name)
    for sign, word in (("(+)", "plus"), ("(-)", "minus"), ("(−)", "minus"), ("(±)", "plusminus"), ("(+/-)", "plusminus")):
        name = name.replace(sign, word)
    return re.sub(r"[\s\-_()\[\]{}.;]", "", name)


def mass(formula):
    atoms = re.findall(r"([A-Z][a-z]?)(\d*)", formula)
    return sum(MASSES[symbol] * int(count or 1) for symbol, count in atoms)


def cas_is_right(number):
    match = re.fullmatch(r"([1-9]\d{1,6})-(\d\d)-(\d)", number)
    if not match:
        return False
    digits = (match[1] + match[2])[::-1]
    return sum((place + 1) * int(digit) for place, digit in enumerate(digits)) % 10 == int(match[3])


def library_names(folder):
    """Normal names of the public libraries with the InChIKey blocks that go by them; CAS numbers by block and name."""
    names, numbers = collections.defaultdict(set), collections.defaultdict(set)
    for library in ("ei_reference_swgdrug", "ei_reference_massbank", "msms_reference"):
        text = gzip.open(folder / "ms" / f"{library}.msp.gz", "rt", encoding="utf-8", errors="replace").read()
        for record in text.split("\n\n"):
            fields, record_names = {}, []
            for line in record.split("\n"):
                key, _, value = line.partition(": ")
                if key in ("Name", "Synon"):
                    record_names.append(value)
                fields.setdefault(key, value)
                if key == "Num Peaks":
                    break
            block = fields.get("InChIKey", "")[:14]
            if not block or "Derivative" in fields:
                continue
            for name in record_names:
                names[normal(name)].add(block)
            # Only where the formula says that no atom is labelled.
            if library == "ei_reference_swgdrug" and not re.search(r"D\d|D$|D[A-Z]|\[", fields.get("Formula", "D")):
                digits = fields.get("CAS#", "").strip()
                number = f"{digits[:-3]}-{digits[-3:-1]}-{digits[-1:]}"
                if cas_is_right(number):
                    for name in record_names:
                        numbers[block, normal(name)].add(number)
    return names, numbers


def corrections():
    with open(HERE / "corrections.tsv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def main():
    folder = pathlib.Path(sys.argv[1])
    with open(folder / "substances.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    weighed = [row for row in rows if row["monoisotopic_mass"]]
    wrong_mass = [row["name"] for row in weighed if abs(mass(row["formula"]) - float(row["monoisotopic_mass"])) > 1e-4]
    names, numbers = library_names(folder)

    changed = collections.Counter()
    # A correction names its row, or gives its InChIKey where the name is what is wrong.
    by_name = {row[column]: row for column in ("inchikey", "name") for row in rows}
    corrected = set()
    for row in rows:
        row["stereo"] = row["note"] = ""
    for correction in corrections():
        row = by_name[correction["name"]]
        corrected.add((id(row), correction["column"]))
        is_new = row[correction["column"]] != correction["value"]
        row[correction["column"]] = correction["value"]
        changed[f"{correction['column']} {'corrected' if is_new else 'confirmed'} by hand"] += 1
        if correction["column"] in ("formula", "inchikey", "cas") and correction["reason"]:
            row["note"] = f"{row['note']} {correction['reason']}".strip()

    shared = collections.Counter(row["inchikey"][:14] for row in rows)
    owners = collections.defaultdict(set)
    for row in rows:
        for name in [row["name"], *row["synonyms"].split(";")]:
            owners[normal(name)].add(row["name"])
    titles = {normal(row["name"]) for row in rows}

    left_out = collections.Counter()
    written = []
    for row in rows:
        block = row["inchikey"][:14]
        synonyms, seen = [], {normal(row["name"])}
        for name in (part.replace("\u200b", "").strip().strip(",").strip('"“”') for part in row["synonyms"].split(";")):
            key = normal(name)
            if not key or key in seen:
                continue
            seen.add(key)
            if len(key) < 2 or name.lower() in LOOSE_WORDS or re.search(r"[\t\n\r]|NPS Discovery|breaks? ?down|certified|-d\d+\b|\bsalt\b", name):
                left_out["names that are no names, or those of a labelled or broken-down substance"] += 1
            elif SALT.search(name):
                left_out["names of salts"] += 1
            elif (id(row), "synonyms") in corrected:
                synonyms.append(name)
            elif shared[block] > 1:
                left_out["names of rows whose stereoisomer has a row of its own: the source mixes them"] += 1
            elif key in titles or len(owners[key]) > 1:
                left_out["names that another row claims"] += 1
            elif names.get(key, {block}) - {block}:
                left_out["names under which a public library has another substance"] += 1
            else:
                synonyms.append(re.sub(r"\s+", " ", name))
        cas = row["cas"].split()
        if (id(row), "cas") not in corrected:
            if shared[block] > 1:
                left_out["CAS numbers of rows whose stereoisomer has a row of its own"] += len(cas)
                cas = []
            else:
                own = set().union(*(numbers[block, normal(name)] for name in [row["name"], *synonyms]))
                added = sorted(own - set(cas))
                changed["CAS number of SWGDRUG 3.9 put beside another one"] += len(added) if cas else 0
                changed["CAS number of SWGDRUG 3.9 where there was none"] += 0 if cas else len(added)
                cas = added + cas
        assert all(map(cas_is_right, cas)), row["name"]
        listed = bool(row["convention"])
        if row["convention"] == "1988":
            kind = "pre_precursor" if PRE_PRECURSOR.search(row["name"]) else "precursor"
        else:
            kind = "drug" if listed else "new_psychoactive_substance"
        source, verification = SOURCES[row["list_source"]] if listed else ("", "")
        identity = "; ".join(part for part in (row["sources"].replace("|", ", "), row["verification"]) if part)
        if {(id(row), "formula"), (id(row), "inchikey")} & corrected:
            identity = "corrected by hand: see the note"
        if not listed:
            identity = f"{row['list_source']}; {identity}"
        group = "" if row["unodc_group"] in ("", "Precursor") else row["unodc_group"]
        written.append({
            "name": row["name"], "synonyms": "; ".join(synonyms), "formula": row["formula"],
            "inchikey": row["inchikey"], "cas_numbers": " ".join(cas), "kind": kind, "group": group,
            "listing": "listed" if listed else "not_found", "convention": row["convention"],
            "schedule": row["schedule"], "year": row["year"], "list_source": source,
            "list_verification": verification, "stereo": row["stereo"], "relation": "",
            "identity_source": identity, "note": row["note"],
        })
    text = "".join("\t".join(line) + "\n" for line in [COLUMNS] + [[row[column] for column in COLUMNS] for row in written])
    target = HERE / "substances.tsv"
    if "--check" in sys.argv:
        same = target.read_text(encoding="utf-8") == text
        print("substances.tsv is what would be written" if same else "substances.tsv differs from what would be written")
        sys.exit(not same)
    target.write_text(text, encoding="utf-8", newline="\n")
    print(f"{len(written)} rows: {sum(row['listing'] == 'listed' for row in written)} listed")
    print(f"formulas whose mass differs from the table's by more than 0.0001 Da, of {len(weighed)}:", wrong_mass or "none")
    for what, count in sorted((changed | left_out).items()):
        print(f"{count:5} {what}")


if __name__ == "__main__":
    main()
