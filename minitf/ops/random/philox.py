"""Philox 4x32-10, the generator behind TensorFlow's random ops: the same seeds, the same numbers.

It encrypts a counter: block number c of a key is four words of 32 bits, and any block can be had
without those before it. So numbers are drawn in large chunks, by threads, or on a GPU, all alike.

The state is an array of three uint64: the counter's lower half (the number of the next block), its
upper half (an op's `seed2`), and the key (`seed`). Each run of an op reserves 256 blocks for each
number that it draws, as TensorFlow does, and mostly uses a fraction of them.
"""
import functools
import os
import threading

import numpy as np

RESERVED = 256  # blocks for each number
CHUNK = 8192  # blocks made at once: the work stays in the cache
FEW = 3  # blocks
SCRAMBLING = 0x02461E293EC8F720  # the key that stateless ops mix their seeds with

_MULTIPLIERS = np.array([[0xD2511F53], [0xCD9E8D57]], np.uint64)
_RAISES = np.array([[0x9E3779B9], [0xBB67AE85]], np.uint64)  # of the key, from round to round
_ROUNDS = np.arange(10, dtype=np.uint64)[:, None, None]
_MASK = 0xFFFFFFFF
_LOW, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)

_lock = threading.Lock()


# -- the state ------------------------------------------------------------------------------------


def seeded(seed, seed2):
    """The state that a generator starts from; two zeros start it anywhere."""
    if seed == seed2 == 0:
        seed, seed2 = (int.from_bytes(os.urandom(8), "little") for _ in range(2))
    return np.array([0, seed2 % 2**64, seed % 2**64], np.uint64)


def scrambled(seed):
    """The state of a stateless op, made of the two numbers of its seed."""
    first, second = (np.uint64(int(number) % 2**64) for number in seed)
    key = np.uint64(SCRAMBLING)
    mixed = blocks(np.array([first]), np.array([0, second, key], np.uint64)).view(np.uint64)[0]
    return np.array([0, mixed[1], mixed[0]], np.uint64)


def first_blocks(seeds):
    """The first block of the state that each of several seeds [n, 2] makes: uint32 [n, 4]."""
    first, second = seeds.astype(np.uint64).T
    mixed = _blocks(first, second, _keys(SCRAMBLING)).view(np.uint64)
    return _blocks(np.zeros_like(first), mixed[:, 1], _keys_of(mixed[:, 0]))


def reserve(state, count):
    """The state as it was; it goes on by `count` blocks."""
    with _lock:
        first = state.copy()
        state[0] += np.uint64(count)
    return first


# -- blocks of words ------------------------------------------------------------------------------


def blocks(counters, state, memory=None):
    """The blocks of these counters, which the state's upper half completes: uint32 [n, 4].

    `memory` are three uint64 arrays [2, >= n] to work in.
    """
    n = len(counters)
    if n <= FEW:
        return np.array([_block(int(counter), *map(int, state[1:])) for counter in counters],
                        np.uint32).reshape(n, 4)  # fmt: skip
    return _blocks(counters, state[1], _keys(int(state[2])), memory)


def _blocks(counters, upper, keys, memory=None):
    n = len(counters)
    memory = np.empty((3, 2, n), np.uint64) if memory is None else memory[:, :, :n]
    factors, product, last = memory  # of a product, both halves are wanted, crosswise
    left, high, low = _halves(factors)[:, ::2], _halves(product), _halves(last)
    factors[0], factors[1] = counters & _LOW, upper & _LOW
    last[0], last[1] = upper >> _HALF, counters >> _HALF
    turns = (product, high[::-1, 1::2], low[::-1, ::2]), (last, low[::-1, 1::2], high[::-1, ::2])
    for key, (out, over, under) in zip(keys, turns * 5):
        np.multiply(factors, _MULTIPLIERS, out)
        np.bitwise_xor(over, under, left)
        np.bitwise_xor(factors, key, factors)
    words = np.empty((n, 4), np.uint32)
    words[:, 0], words[:, 1], words[:, 2], words[:, 3] = left[0], low[1, ::2], left[1], low[0, ::2]
    return words


def _block(counter, upper, key):
    """The words of one block: numbers of Python are faster than arrays of one."""
    a, b, c, d = counter & _MASK, counter >> 32, upper & _MASK, upper >> 32
    first, second = key & _MASK, key >> 32
    for _ in range(10):
        one, other = 0xD2511F53 * a, 0xCD9E8D57 * c
        a, b, c, d = other >> 32 ^ b ^ first, other & _MASK, one >> 32 ^ d ^ second, one & _MASK
        first, second = first + 0x9E3779B9 & _MASK, second + 0xBB67AE85 & _MASK
    return a, b, c, d


@functools.lru_cache(maxsize=256)
def _keys(key):
    """The key's two words in each of the ten rounds."""
    return list(_keys_of(np.array([key], np.uint64)))


def _keys_of(keys):
    """Those of several keys [n]: [10, 2, n]."""
    return (np.array([keys & _LOW, keys >> _HALF]) + _RAISES * _ROUNDS) & _LOW


def _halves(array):
    return array.view(np.uint32)


def stream(state, count):
    """`count` words, one after the other."""
    return blocks(state[0] + np.arange(-(-count // 4), dtype=np.uint64), state).reshape(-1)[:count]


# -- from words to numbers ------------------------------------------------------------------------


def uniform_half(words):
    """float16 in [0, 1), of 10 bits each."""
    return (words & np.uint32(0x3FF)).astype(np.float16) / np.float16(1024)


def uniform_float(words):
    """float32 in [0, 1), of 23 bits each."""
    bits = (words & np.uint32(0x7FFFFF)) | np.uint32(0x3F800000)  # in [1, 2)
    values = bits.view(np.float32)
    return np.subtract(values, np.float32(1), out=values)


def uniform_double(words):
    """float64 in [0, 1), of 52 bits each, from pairs of words."""
    pairs = words.view(np.uint64)
    bits = (pairs << _HALF) & np.uint64(0xFFFFF << 32) | pairs >> _HALF
    values = (bits | np.uint64(0x3FF << 52)).view(np.float64)
    return np.subtract(values, 1.0, out=values)


def normal_float(words):
    """Standard normal float32, two of each two words, by the method of Box and Muller.

    It computes in float64 and rounds as often as float32 would.
    """
    u = uniform_float(words).astype(np.float64)
    log = np.log(np.maximum(u[..., ::2], np.float32(1e-7))).astype(np.float32)
    angle = (u[..., 1::2] * (2 * np.pi)).astype(np.float32).astype(np.float64)
    radius = np.sqrt(np.float32(-2) * log)
    return _turned(radius, np.sin(angle).astype(np.float32), np.cos(angle).astype(np.float32))


def normal_double(words):
    """Standard normal float64, two of each four words."""
    u = uniform_double(words)
    radius = np.sqrt(-2 * np.log(np.maximum(u[..., ::2], 1e-7)))
    angle = u[..., 1::2] * (2 * np.pi)
    return _turned(radius, np.sin(angle), np.cos(angle))


def _turned(radius, sine, cosine):
    values = np.empty((*radius.shape, 2), radius.dtype)
    np.multiply(sine, radius, out=values[..., 0])
    np.multiply(cosine, radius, out=values[..., 1])
    return values.reshape(*radius.shape[:-1], -1)


def uniform_bfloat(words):
    """float32 in [0, 1), of 7 bits each."""
    return (words & np.uint32(0x7F)).astype(np.float32) / np.float32(128)


UNIFORM = {"float16": uniform_half, "float32": uniform_float, "float64": uniform_double}
NORMAL = {"float16": normal_float, "float32": normal_float, "float64": normal_double}


# -- arrays of numbers ----------------------------------------------------------------------------


def uniform(out, state):
    """Fill a flat array of floats from [0, 1)."""
    _fill(out, state, UNIFORM[out.dtype.name])


def uniform_of_128(out, state):
    """Fill a flat array of float32 with numbers that a bfloat16 can be, from [0, 1)."""
    _fill(out, state, uniform_bfloat)


def normal(out, state):
    """Fill a flat array of floats from the standard normal distribution."""
    _fill(out, state, NORMAL[out.dtype.name])


def integers(out, state, low, high):
    """Fill a flat array of integers from [low, high)."""
    unsigned = np.dtype(f"u{out.dtype}")
    low, high = (np.asarray(limit, out.dtype).view(unsigned) for limit in (low, high))
    _fill(out.view(unsigned), state, lambda words: low + words.view(unsigned) % (high - low))


def truncated_normal(out, state):
    """Fill a flat array from the standard normal distribution, what is beyond 2 dropped.

    Each group has blocks of its own, as many as it was to reserve, so that it does not matter how
    many the others need.
    """
    first, group = reserve(state, RESERVED * out.size), _group(out)
    for start in range(0, out.size, CHUNK * group):
        part = out[start : start + CHUNK * group]
        number = np.arange(-(-part.size // group), dtype=np.uint64) + np.uint64(start // group)
        kept = np.empty((len(number), group), out.dtype)
        counters = first[0] + number * np.uint64(group * RESERVED // 4)
        _truncated(kept, counters, first, NORMAL[out.dtype.name])
        part[...] = kept.reshape(-1)[: part.size]


def _group(out):
    """How many numbers of its type are made at once, of one block."""
    return 2 if out.itemsize == 8 else 4


def _fill(out, state, make):
    """Fill a flat array with what `make` makes of block after block."""
    first, group = reserve(state, RESERVED * out.size), _group(out)
    counters = np.arange(min(CHUNK, -(-out.size // group)), dtype=np.uint64) + first[0]
    memory = np.empty((3, 2, len(counters)), np.uint64)
    for start in range(0, out.size, CHUNK * group):
        part = out[start : start + CHUNK * group]
        wanted = counters[: -(-part.size // group)] + np.uint64(start // group)
        part[...] = make(blocks(wanted, first, memory)).reshape(-1)[: part.size]


def _truncated(kept, counters, state, make):
    """Fill each row with the first numbers within (-2, 2) of the blocks from its counter on."""
    count, short = np.zeros(len(kept), np.intp), np.arange(len(kept))
    while short.size:
        drawn = make(blocks(counters[short], state))
        inside = np.abs(drawn) < 2
        place = count[short, None] + np.cumsum(inside, 1) - inside
        row, column = np.nonzero(inside & (place < kept.shape[1]))
        kept[short[row], place[row, column]] = drawn[row, column]
        count[short] += inside.sum(1)
        counters[short] += np.uint64(1)
        short = short[count[short] < kept.shape[1]]
