"""CRC-32C (Castagnoli), as the files of TensorFlow are checked with."""
import functools

import numpy as np

_POLYNOMIAL = 0x82F63B78
_TINY = 64  # bytes: from here on NumPy pays
_SMALL = 2048  # bytes: from here on lanes pay
_LANE = 256  # bytes that one lane goes through


def _table():
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = (table >> 1) ^ np.where(table & 1, np.uint32(_POLYNOMIAL), np.uint32(0))
    return table


_TABLE = _table()
_NUMBERS = _TABLE.tolist()


def crc32c(data):
    """The checksum of bytes."""
    data = memoryview(data).cast("B")
    end = len(data) - len(data) % _LANE if len(data) >= _SMALL else 0
    state = _lanes(np.frombuffer(data[:end], "<u4").reshape(-1, _LANE // 4)) if end else 0xFFFFFFFF
    rest = data[end:]
    if len(rest) >= _TINY:
        return _at_once(state, rest) ^ 0xFFFFFFFF
    for byte in rest:
        state = _NUMBERS[(state ^ byte) & 0xFF] ^ (state >> 8)
    return state ^ 0xFFFFFFFF


def _at_once(state, data):
    """The state after some bytes, fewer than _SMALL: what each one does to it by itself, added."""
    values = np.frombuffer(data, np.uint8).astype(np.int32)
    values[:4] ^= np.array([state], "<u4").view(np.uint8)
    tables, starts = _places()
    return int(np.bitwise_xor.reduce(tables[starts[-len(values) :] + values]))


@functools.cache
def _places():
    """What each byte does to the state after it and so many zeros, and where those tables are."""
    tables = np.empty((_SMALL, 256), np.uint32)
    tables[0] = _TABLE
    for k in range(1, _SMALL):
        tables[k] = (tables[k - 1] >> 8) ^ _TABLE[tables[k - 1] & 0xFF]
    return tables.reshape(-1), np.arange(_SMALL - 1, -1, -1, dtype=np.int32) * 256


def masked_crc32c(data):
    """The checksum as it is stored beside what it is the checksum of."""
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def _lanes(rows):
    """The state after all rows: each row by itself, all of them at once, then pairs of neighbours
    until one is left. A state goes through zeros as a linear map of its bits."""
    states = np.zeros(len(rows), np.uint32)
    states[0] = 0xFFFFFFFF
    low, high = _words()
    for column in np.ascontiguousarray(rows.T):
        states ^= column
        states = low[states & 0xFFFF] ^ high[states >> 16]
    length = _LANE
    while len(states) > 1:
        if len(states) % 2:  # a row of zeros before the first changes nothing
            states = np.concatenate([np.zeros(1, np.uint32), states])
        states = _mapped(_zeros(length), states[::2]) ^ states[1::2]
        length *= 2
    return int(states[0])


@functools.lru_cache(maxsize=64)
def _zeros(count):
    """What each value of each byte of a state is after so many zeros, a power of two."""
    if count > 1:
        half = _zeros(count // 2)
        return tuple(_mapped(half, table) for table in half)
    bytes_of = [np.arange(256, dtype=np.uint32) << np.uint32(shift) for shift in (0, 8, 16, 24)]
    return tuple(_TABLE[states & 0xFF] ^ (states >> 8) for states in bytes_of)


@functools.cache
def _words():
    """What a state is after four zeros whose high half, or whose low half, is zero."""
    halves = np.arange(1 << 16, dtype=np.uint32)
    tables = _zeros(4)
    return (tables[0][halves & 0xFF] ^ tables[1][halves >> 8],
            tables[2][halves & 0xFF] ^ tables[3][halves >> 8])  # fmt: skip


def _mapped(tables, states):
    return (tables[0][states & 0xFF] ^ tables[1][states >> 8 & 0xFF]
            ^ tables[2][states >> 16 & 0xFF] ^ tables[3][states >> 24])  # fmt: skip
