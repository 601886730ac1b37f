#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Runs what doc/validation.rst compares with queueing theory and with ns-3's Wi-Fi, and puts both tables into the page.

It takes some nine minutes of processor time.

usage: doc/refresh-validation.py BUILD-DIR
"""
import concurrent.futures
import math
import os
import sqlite3
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PAGE = os.path.join(HERE, "validation.rst")

NODES, INTERVAL_S, BEGIN_S, END_S, RUNS = 2000, 200, 200, 2200, 20
STUDENT = 2.093024  # 0.975 at RUNS - 1 degrees of freedom
TASK_FLOPS = 2573261  # of all layers
CELL = ["--mobility=none", "--nodes=%d" % NODES, "--arrivals=poisson", "--interval=%d" % INTERVAL_S, "--tasks=1000000",
        "--stop-time=%d" % (END_S + 20), "--coherence=0", "--band=own", "--bandwidth=1e5", "--charge=payload",
        "--transfer-quantile=0", "--when-infeasible=latency", "--server-queue=fifo"]
SAME = ["--propagation=none", "--radius=0", "--snr-db=20", "--scheme=on-server"]  # each task takes the server the same time
MIXED = ["--propagation=ns3::LogDistancePropagationLossModel[ReferenceLoss=85|Exponent=3]", "--noise-figure=7",
         "--radius=60", "--scheme=joint", "--candidates=0,3,6,8,10"]  # by the node's distance


def run(build, number, options):
    """Waits and service times of the tasks that reached the server within the window, s."""
    with tempfile.TemporaryDirectory() as folder:
        database = os.path.join(folder, "queue.db")
        subprocess.run([os.path.join(build, "examples", "iscc-factory-cell")] + CELL + options +
                       ["--RngRun=%d" % number, "--db=" + database], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        rows = sqlite3.connect(database).execute(
            "SELECT 1e-9 * server_wait_ns, 1e-9 * server_ns FROM (SELECT *, start_ns + sensing_ns + compute_ns + "
            "uplink_ns AS there_ns FROM task WHERE server_ns > 0) WHERE there_ns BETWEEN ? AND ?",
            (BEGIN_S * 10**9, END_S * 10**9)).fetchall()
    return [row[0] for row in rows], [row[1] for row in rows]


def mean(values):
    return sum(values) / len(values)


def md_c(cores, load):
    """Mean wait of M/D/c in service times: n' = max(n - c, 0) + Poisson(c load) until it stays; Little's law."""
    rate, most = cores * load, 600
    come = [math.exp(-rate)]
    while len(come) < 80:
        come.append(come[-1] * rate / len(come))
    p, wait, before = [1.0] + [0.0] * (most - 1), 0.0, -1.0
    while abs(wait - before) > 1e-9:
        after = [0.0] * (most + len(come))
        for n, share in enumerate(p):
            if share > 1e-15:
                for i, chance in enumerate(come):
                    after[max(n - cores, 0) + i] += share * chance
        p, before = after[:most], wait
        wait = sum((n - cores) * p[n] for n in range(cores + 1, most)) / rate
    return wait


def row(pool, build, name, cores, speed_flops, options, theory):
    options = options + ["--server-cores=%d" % cores, "--server-speed=%.17g" % speed_flops]
    runs = list(pool.map(lambda number: run(build, number, options), range(1, RUNS + 1)))
    services = [service for found in runs for service in found[1]]
    unit = mean(services)
    waits = [mean(found[0]) / unit for found in runs]
    middle = mean(waits)
    half = STUDENT * math.sqrt(sum((wait - middle) ** 2 for wait in waits) / (RUNS * (RUNS - 1)))
    load = len(services) * unit / (RUNS * (END_S - BEGIN_S) * cores)
    expected = theory(services, load)
    print("%s: load %.3f, %.4f +- %.4f, theory %.4f, %d tasks" % (name, load, middle, half, expected, len(services)), flush=True)
    return (name, "%.3f" % load, "%d" % len(services), "%.4f" % expected, "%.4f +- %.4f" % (middle, half),
            "%+.1f %%" % (100 * (middle / expected - 1)))


def queue_table(build):
    rate = NODES / INTERVAL_S
    rows = [("queue", "load met", "tasks", "theory", "found", "difference")]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for cores, load in ((1, 0.1), (1, 0.3), (1, 0.5), (1, 0.7), (1, 0.8), (1, 0.9), (2, 0.8), (4, 0.8)):
            rows.append(row(pool, build, "M/D/%d, load %.1f" % (cores, load), cores, TASK_FLOPS * rate / (load * cores), SAME,
                            lambda services, met, cores=cores, load=load: md_c(cores, load)))
        for speed in (5e7, 3e7):
            rows.append(row(pool, build, "M/G/1, %.0f MFLOP/s" % (1e-6 * speed), 1, speed, MIXED, lambda services, met:
                            met * mean([s * s for s in services]) / (2 * (1 - met) * mean(services) ** 2)))
    return rows


# Standard, its first MCS's name, Mbit/s of the payload at each MCS, and latency limits at which a node takes one after another.
WIFI = (("802.11n", "HtMcs", (6.5, 13, 19.5, 26, 39, 52, 58.5, 65), (0.503, 0.5014, 0.5011)),
        ("802.11ac", "VhtMcs", (6.5, 13, 19.5, 26, 39, 52, 58.5, 65, 78), (0.503, 0.5014, 0.5011)),
        ("802.11ax", "HeMcs", (7.3125, 14.625, 21.9375, 29.25, 43.875, 58.5, 65.8125, 73.125, 87.75, 97.5, 109.6875, 121.875),
         (0.503, 0.5013, 0.5011)))


def transfer(build, standard, limit_s):
    """Of a node's tasks, 5292 bytes in four datagrams: mean time of the uplink and planned time, us, and real energy over planned."""
    with tempfile.TemporaryDirectory() as folder:
        database = os.path.join(folder, "wifi.db")
        subprocess.run([os.path.join(build, "examples", "iscc-wifi-contention"), "--nodes=1", "--radius=0", "--distance=10",
                        "--tasks=100", "--arrivals=periodic", "--scheme=on-server", "--bits=8:8", "--transfer-quantile=0",
                        "--wifi-standard=" + standard, "--max-latency=%g" % limit_s, "--db=" + database], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return sqlite3.connect(database).execute(
            "SELECT 1e-3 * avg(uplink_ns), 1e6 * avg(uplink_s), avg(task.uplink_j) / avg(decision.uplink_j) "
            "FROM task JOIN decision USING (node_id, task_no) "
            "WHERE outcome = 'done' AND task_no >= 2").fetchone()


def plain(build, *arguments):
    command = [os.path.join(build, "test", "iscc-plain-wifi"), "--uplink=1", "--distance=10"] + list(arguments)
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def wifi_table(build):
    rows = [("rate", "ns-3 without a pause, Mbit/s", "ns-3's four datagrams, us", "a task's, us", "planned, us",
             "energy, real/planned")]
    for standard, mode, mbps, limits_s in WIFI:
        preamble_us = 44 if standard == "802.11ax" else 36
        for limit_s in limits_s:
            found_us, planned_us, energy = transfer(build, standard, limit_s)
            planned = 8 * (5292 + 4 * 92) / (planned_us - preamble_us - 52.5 - (8 if standard == "802.11ax" else 2))
            mcs = min(range(len(mbps)), key=lambda k: abs(mbps[k] - planned))
            rate = ("--standard=" + standard, "--mode=%s%d" % (mode, mcs))
            rows.append(("%s, MCS %d" % (standard, mcs), "%.2f" % plain(build, "--seconds=10", *rate),
                         "%.1f" % plain(build, "--seconds=100", "--burst=4", "--last=956", *rate), "%.1f" % found_us,
                         "%.1f" % planned_us, "%.3f" % energy))
            print(rows[-1], flush=True)
    return rows


def table(rows):
    lines = [".. list-table::", "   :header-rows: 1", ""]
    for cells in rows:
        lines += [("   * - " if i == 0 else "     - ") + cell for i, cell in enumerate(cells)]
    return "\n".join(lines)


def put(page, name, text):
    begin, end = ".. begin %s\n" % name, "\n.. end %s\n" % name
    before, rest = page.split(begin)
    return before + begin + "\n" + text + "\n" + end + rest.split(end)[1]


def main():
    if len(sys.argv) != 2 or not os.path.exists(os.path.join(sys.argv[1], "examples", "iscc-factory-cell")):
        sys.exit(__doc__.strip())
    with open(PAGE, encoding="utf-8") as f:
        page = f.read()
    page = put(page, "wifi", table(wifi_table(sys.argv[1])))
    page = put(page, "queue", table(queue_table(sys.argv[1])))
    with open(PAGE + ".new", "w", encoding="utf-8") as f:
        f.write(page)
    os.replace(PAGE + ".new", PAGE)


if __name__ == "__main__":
    main()
