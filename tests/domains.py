"""Inputs for tests/cases.py: arrays on which an op is defined and, where need be, smooth."""
import zlib

import numpy as np


def generator(*key):
    """The same numbers for the same key, whatever the order of the tests."""
    return np.random.default_rng(zlib.crc32(repr(key).encode()))


def real(*shape, low=-2.0, high=2.0, key=0):
    """float64, uniform."""
    return generator("real", shape, key).uniform(low, high, shape)


def positive(*shape, key=0):
    return real(*shape, low=0.5, high=2.0, key=key)


def unit(*shape, key=0):
    """Inside (-1, 1), away from 0 and from the ends."""
    values = generator("unit", shape, key)
    return values.uniform(0.1, 0.9, shape) * values.choice([-1.0, 1.0], shape)


def away(*shape, key=0):
    """Away from whole numbers, where steps and kinks are."""
    values = generator("away", shape, key)
    return values.integers(-3, 3, shape) + values.uniform(0.2, 0.8, shape)


def distinct(*shape, key=0):
    """No two alike: the greatest stays the greatest under small changes."""
    size = int(np.prod(shape))
    return generator("distinct", shape, key).permutation(size).reshape(shape) / 2.0 - size / 4.0


def ints(*shape, low=-5, high=6, key=0):
    """int32."""
    return generator("ints", shape, key).integers(low, high, shape).astype(np.int32)


def bools(*shape, key=0):
    return generator("bools", shape, key).random(shape) < 0.5


def probabilities(*shape, key=0):
    """Positive, of sum 1 along the last axis."""
    values = positive(*shape, key=key)
    return values / values.sum(-1, keepdims=True)


def complexes(*shape, key=0):
    return real(*shape, key=(key, "real")) + 1j * real(*shape, key=(key, "imaginary"))
