#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The network in NumPy and double precision, straight from the tensors of a model file.

usage: forward.py MODEL.safetensors INPUT.npy SPLIT KEEP    prints the scores on one line
"""
import json
import math
import struct
import sys

import numpy as np


def read_safetensors(path):
    with open(path, "rb") as f:
        size, = struct.unpack("<Q", f.read(8))
        header = json.loads(f.read(size))
        data = f.read()
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        assert entry["dtype"] == "F32"
        begin, end = entry["data_offsets"]
        tensors[name] = np.frombuffer(data[begin:end], "<f4").reshape(entry["shape"]).astype(float)
    return metadata, tensors


def prune(weight, keep):
    """Zeroes the floor((1 - p) M) weights of smallest magnitude."""
    flat = weight.ravel().copy()
    flat[np.argsort(np.abs(flat), kind="stable")[:math.floor((1 - keep) * flat.size)]] = 0
    return flat.reshape(weight.shape)


def forward(kind, x, weight, bias, size):
    if kind == "conv":
        windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(1, 2))
        return np.einsum("chwij,ocij->ohw", windows, weight) + bias[:, None, None]
    if kind == "relu":
        return np.maximum(x, 0)
    if kind == "maxpool":
        c, h, w = x.shape
        h, w = h // size * size, w // size * size
        return x[:, :h, :w].reshape(c, h // size, size, w // size, size).max(axis=(2, 4))
    return weight @ x.ravel() + bias


def main():
    metadata, tensors = read_safetensors(sys.argv[1])
    x = np.load(sys.argv[2]).astype(float).reshape(3, 42, 42)
    split, keep = int(sys.argv[3]), float(sys.argv[4])
    for number, layer in enumerate(json.loads(metadata["topology"])["layers"], 1):
        weight, bias = tensors.get(layer["name"] + ".weight"), tensors.get(layer["name"] + ".bias")
        if weight is not None and number <= split:
            weight = prune(weight, keep)
        x = forward(layer["kind"], x, weight, bias, layer.get("kernel", 0))
    print(" ".join("%.9g" % score for score in x.ravel()))


if __name__ == "__main__":
    main()
