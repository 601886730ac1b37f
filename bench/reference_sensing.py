# SPDX-License-Identifier: GPL-2.0-only
"""NumPy reference of the steps from echo to network input, for bench/iscc-bench-sensing.c.

Usage: reference_sensing.py FOLDER SAMPLES. The folder holds range.npy and amplitude.npy (segments x chirps), path.npy (taps)
and gain.npy (taps x chirps, complex) of one scene, and input.npy, what our chain made of it without noise. Prints
"noise-free MEDIAN_MS", "noisy MEDIAN_MS" and "cosine C" of its own noise-free input with ours."""
import sys
import time

import numpy as np

LIGHT, CARRIER, SLOPE, SAMPLING, SPACING = 299792458.0, 60e9, 1e12, 10e6, 0.25e-3
SAMPLES, CHIRPS, POINTS, ROWS, FRAMES, LIMIT = 100, 2000, 512, 42, 42, 1000.0
POWER, NOISE, FARTHEST, TERMS = 0.05, 2.9e-11, 15.0, 10

MIDDLE = 0.5e-5
TAU_0 = HALF = FARTHEST / LIGHT
T = np.arange(SAMPLES) / SAMPLING - MIDDLE


def series_basis():
    """Orthonormal basis of the fast-time tones and the matrix that turns moments of the delays into it."""
    columns, term = [], np.exp(-2j * np.pi * SLOPE * TAU_0 * T)
    for k in range(TERMS):
        columns.append(term)
        term = term * (-2j * np.pi * SLOPE * HALF * T) / (k + 1)
    return np.linalg.qr(np.stack(columns, 1))


def picture_rows():
    """Area weights of the transform's bins in each row."""
    hz = np.fft.fftfreq(POINTS, SPACING)
    half = 0.5 / (POINTS * SPACING)
    low = -LIMIT + np.arange(ROWS)[:, None] * 2 * LIMIT / ROWS
    overlap = np.minimum(low + 2 * LIMIT / ROWS, hz + half) - np.maximum(low, hz - half)
    return np.maximum(overlap, 0) / (2 * LIMIT / ROWS)


BASIS, TRANSFORM = series_basis()
WEIGHTS = picture_rows().astype(np.float32)
WINDOWS = [np.kaiser(n, 8).astype(np.float32) for n in (64, 128, 256)]
PLACES = [np.rint(np.arange(FRAMES) * (CHIRPS - len(w)) / (FRAMES - 1)).astype(int)[:, None] + np.arange(len(w))
          for w in WINDOWS]


def delay_phase(tau):
    cycles = tau * (0.5 * SLOPE * tau - CARRIER - SLOPE * MIDDLE)
    return np.exp(2j * np.pi * (cycles - np.rint(cycles)))


def low_rank_echo(ranges, amplitude, path, gain):
    tau = 2 / LIGHT * ranges
    x, b = (tau - TAU_0) / HALF, amplitude * delay_phase(tau)
    tap_tau = path / LIGHT
    tap_x, tap_b = ((tap_tau - TAU_0) / HALF)[:, None], gain * delay_phase(tap_tau)[:, None]
    moments = np.empty((TERMS, CHIRPS), complex)
    for k in range(TERMS):
        moments[k] = b.sum(0) + tap_b.sum(0)
        b *= x
        tap_b *= tap_x
    return np.sqrt(POWER) * (TRANSFORM @ moments)


def two_triplets(matrix, ones):
    """Slow-time sum of the first two singular triplets, by the left vectors from the Gram matrix."""
    u = np.linalg.eigh(matrix @ matrix.conj().T)[1][:, -2:]
    return (ones @ u) @ (u.conj().T @ matrix)


def network_input(y):
    y = (y / np.abs(y).max()).astype(np.complex64)
    picture = np.empty((3, ROWS, FRAMES), np.float32)
    for c, (window, places) in enumerate(zip(WINDOWS, PLACES)):
        spectrum = np.fft.fft(y[places] * window, POINTS)
        picture[c] = (WEIGHTS @ (spectrum.real**2 + spectrum.imag**2).T.astype(np.float32))**0.25
    return picture / np.linalg.norm(picture)


def noise_free(scene):
    z = low_rank_echo(*scene)
    z -= z.mean(1, keepdims=True)
    return network_input(two_triplets(z, BASIS.sum(0)))


def noisy(scene, generator):
    z = low_rank_echo(*scene)
    z -= z.mean(1, keepdims=True)
    noise = generator.standard_normal((SAMPLES, CHIRPS, 2), np.float32).view(np.complex64)[..., 0]
    matrix = BASIS.astype(np.complex64) @ z.astype(np.complex64) + np.float32(np.sqrt(NOISE / 2)) * noise
    matrix -= matrix.mean(1, keepdims=True)
    return network_input(two_triplets(matrix, np.ones(SAMPLES, np.complex64)))


def median_ms(step, count):
    times = []
    for _ in range(count):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return 1e3 * float(np.median(times))


def main():
    folder, count = sys.argv[1], int(sys.argv[2])
    scene = [np.load("%s/%s.npy" % (folder, name)) for name in ("range", "amplitude", "path", "gain")]
    generator = np.random.Generator(np.random.SFC64(1))
    ours = np.load(folder + "/input.npy")
    print("noise-free %.4f" % median_ms(lambda: noise_free(scene), count))
    print("noisy %.4f" % median_ms(lambda: noisy(scene, generator), count))
    print("cosine %.9f" % float((ours * noise_free(scene)).sum()))


if __name__ == "__main__":
    main()
