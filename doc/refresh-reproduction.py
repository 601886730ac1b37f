#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Puts a run of 'iscc reproduce all -o DIR' into doc/reproduction.rst: its figures, Table III and claims.

usage: doc/refresh-reproduction.py DIR
"""
import csv
import glob
import os
import re
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
PAGE = os.path.join(HERE, "reproduction.rst")
SCENARIOS = ("latency-constrained", "accuracy-constrained", "SNR-constrained")


def escaped(text):
    text = re.sub(r"([*`|\\])", r"\\\1", text)
    return re.sub(r"(\w)_(?!\w)", r"\1\\_", text)


def table(widths, rows):
    lines = [".. list-table::", "   :header-rows: 1"] + (["   :widths: " + widths] if widths else []) + [""]
    for row in rows:
        lines += [("   * - " if i == 0 else "     - ") + escaped(cell) for i, cell in enumerate(row)]
    return "\n".join(line.rstrip() for line in lines)


def claims(directory):
    rows = [("paper", "claim", "here", "found, and why where it does not hold")]
    for c in csv.DictReader(open(os.path.join(directory, "claims.csv"), newline="", encoding="utf-8")):
        rows.append((c["paper"], c["claim"], c["verdict"], c["found"] + (" -- " + c["why"] if c["why"] else "")))
    return table("10 28 10 52", rows)


def scenario(d):
    if float(d["snr_db"]) == 0:
        return SCENARIOS[2]
    return SCENARIOS[0] if float(d["max_latency_s"]) < 1 else SCENARIOS[1]


def table3(directory):
    rows = [("scenario", "candidates", "scheme", "l", "Q", "p", "P_s mW", "P_c mW", "nu_e MFLOP/s", "energy mJ",
             "R_t", "realised accuracy")]
    decisions = list(csv.DictReader(open(os.path.join(directory, "table3.csv"), newline="", encoding="utf-8")))
    for d in sorted(decisions, key=lambda d: (d["raw_candidate"] == "0", SCENARIOS.index(scenario(d)))):
        if d["scheme"] not in ("joint", "alternating"):
            continue
        number = {name: float(d[name]) for name in ("keep_ratio", "sensing_power_w", "transmit_power_w", "energy_j",
                                                    "edge_speed_flops", "realised_accuracy", "realised_low",
                                                    "realised_high")}
        rows.append((scenario(d), "with l = 0" if d["raw_candidate"] == "1" else "without l = 0", d["scheme"],
                     d["split"], d["bits"], "%.4f" % number["keep_ratio"], "%.2f" % (1e3 * number["sensing_power_w"]),
                     "%.2f" % (1e3 * number["transmit_power_w"]), "%.4f" % (1e-6 * number["edge_speed_flops"]),
                     "%.2f" % (1e3 * number["energy_j"]), d["target_accuracy"],
                     "%.3f (%.3f..%.3f, n = %s)" % (number["realised_accuracy"], number["realised_low"],
                                                    number["realised_high"], d["checked_samples"])))
    return table("", rows)


def put(page, name, text):
    begin, end = ".. begin %s\n" % name, "\n.. end %s\n" % name
    before, rest = page.split(begin)
    return before + begin + "\n" + text + "\n" + end + rest.split(end)[1]


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__.strip())
    directory = sys.argv[1]
    try:
        page = open(PAGE, encoding="utf-8").read()
        page = put(put(page, "claims", claims(directory)), "table III", table3(directory))
    except OSError as e:
        sys.exit("%s: %s: make the figures with 'iscc reproduce all -o DIR'" % (e.filename, e.strerror))
    except ValueError:
        sys.exit("%s/table3.csv: an allocation is not checked: run 'iscc reproduce all -o DIR' to its end" % directory)
    with open(PAGE + ".new", "w", encoding="utf-8") as f:
        f.write(page)
    os.replace(PAGE + ".new", PAGE)
    for picture in sorted(glob.glob(os.path.join(directory, "fig*.svg"))):
        shutil.copy(picture, os.path.join(HERE, "figures"))


if __name__ == "__main__":
    main()
