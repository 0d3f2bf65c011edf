"""CRC-32C (Castagnoli), as the files of TensorFlow are checked with."""
import functools

import numpy as np

from minitf.core.kernel import Kernel

_POLYNOMIAL = 0x82F63B78
_SMALL = 64  # bytes: from here on NumPy pays
_BLOCK = 1024  # bytes that it is given at once
_LARGE = 1 << 16  # bytes: from here on lanes pay
_LANE = 256  # bytes that one lane goes through


def _table():
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = (table >> 1) ^ np.where(table & 1, np.uint32(_POLYNOMIAL), np.uint32(0))
    return table


_TABLE = _table()
_NUMBERS = _TABLE.tolist()


def crc32c(data, before=0):
    """The checksum of bytes; of those that had the checksum `before` and then these."""
    data = memoryview(data).cast("B")
    end = len(data) - len(data) % _LANE if len(data) >= _LARGE else 0
    state = before ^ 0xFFFFFFFF
    if end:
        state = _lanes(np.frombuffer(data[:end], "<u4").reshape(-1, _LANE // 4), state)
    for start in range(end, len(data), _BLOCK):
        state = _block(state, data[start : start + _BLOCK])
    return state ^ 0xFFFFFFFF


def _block(state, data):
    """The state after some bytes more."""
    if len(data) < _SMALL:
        for byte in data:
            state = _NUMBERS[(state ^ byte) & 0xFF] ^ (state >> 8)
        return state
    table, places = _added()
    found = np.frombuffer(data, np.uint8).astype(np.intp)
    found[:4] ^= (state & 0xFF, state >> 8 & 0xFF, state >> 16 & 0xFF, state >> 24)
    found += places[-len(data) :]
    return int(np.bitwise_xor.reduce(table.take(found)))


@functools.cache
def _added():
    """What a byte adds to the state when so many bytes follow it, row after row: that depends on
    nothing else. And where the row is of each of the last places."""
    rows = np.empty((_BLOCK, 256), np.uint32)
    rows[0] = _TABLE
    for i in range(1, _BLOCK):
        rows[i] = _TABLE[rows[i - 1] & 0xFF] ^ (rows[i - 1] >> 8)
    return rows.reshape(-1), np.arange(_BLOCK - 1, -1, -1) * 256


def masked_crc32c(data):
    """The checksum as it is stored beside what it is the checksum of."""
    return masked(crc32c(data))


def masked(crc):
    """A checksum as it is stored."""
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def _lanes(rows, state):
    """The state after all rows: each row by itself, all of them at once, then pairs of neighbours
    until one is left. A state goes through zeros as a linear map of its bits."""
    states = np.zeros(len(rows), np.uint32)
    states[0] = state
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


# -- in C -----------------------------------------------------------------------------------------

# What eight bytes, or one, make of a state. Processors of today have an instruction for it.
WORDS = """
#if defined(__SSE4_2__)
#include <nmmintrin.h>
#define CRC_WORD(s, w) (uint32_t)_mm_crc32_u64(s, w)
#define CRC_BYTE(s, b) _mm_crc32_u8(s, b)
#elif defined(__ARM_FEATURE_CRC32)
#include <arm_acle.h>
#define CRC_WORD(s, w) __crc32cd(s, w)
#define CRC_BYTE(s, b) __crc32cb(s, b)
#else
static uint32_t NAME_table[8][256];
static void NAME_fill(void) {
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t s = i;
    for (int k = 0; k < 8; ++k) s = (s >> 1) ^ (s & 1 ? 0x82F63B78u : 0);
    NAME_table[0][i] = s;
  }
  for (int t = 1; t < 8; ++t)
    for (int i = 0; i < 256; ++i) {
      uint32_t s = NAME_table[t - 1][i];
      NAME_table[t][i] = NAME_table[0][s & 255] ^ (s >> 8);
    }
}
static uint32_t NAME_word(uint32_t s, uint64_t w) {
  uint32_t found = 0;
  w ^= s;
  for (int k = 0; k < 8; ++k) found ^= NAME_table[7 - k][w >> 8 * k & 255];
  return found;
}
#define CRC_WORD(s, w) NAME_word(s, w)
#define CRC_BYTE(s, b) (NAME_table[0][((s) ^ (b)) & 255] ^ ((s) >> 8))
#define CRC_FILL NAME_fill();
#endif
#ifndef CRC_FILL
#define CRC_FILL
#endif
"""
# p[0] bytes, p[1] the state, before and after.
_SOURCE = WORDS + """\
static void NAME(const int64_t *n, void *const *p) {
  CRC_FILL
  const uint8_t *data = p[0], *end = data + n[0];
  uint32_t s = *(uint32_t *)p[1];
  for (; end - data >= 8; data += 8) {
    uint64_t w;
    memcpy(&w, data, 8);
    s = CRC_WORD(s, w);
  }
  while (data < end) { s = CRC_BYTE(s, *data); ++data; }
  *(uint32_t *)p[1] = s;
}
"""


def compiled(run):
    """`crc32c` by a kernel in C, that `run` runs: it raises here where it cannot."""

    def crc32c_in_c(data, before=0):
        content = np.frombuffer(data, np.uint8)
        state = np.array([before ^ 0xFFFFFFFF], np.uint32)
        run(Kernel(_SOURCE, (len(content),)), content, state)
        return int(state[0]) ^ 0xFFFFFFFF

    crc32c_in_c(b"1")
    return crc32c_in_c
