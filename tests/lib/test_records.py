"""Checksums and record files."""
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import minitf as tf
from minitf.lib import records
from minitf.lib.crc32c import crc32c, masked_crc32c


def bit_by_bit(data):
    """CRC-32C as its definition has it."""
    state = 0xFFFFFFFF
    for byte in data:
        state ^= byte
        for _ in range(8):
            state = state >> 1 ^ (0x82F63B78 if state & 1 else 0)
    return state ^ 0xFFFFFFFF


def test_crc32c_of_known_texts():
    """The values of RFC 3720, appendix B.4."""
    assert crc32c(b"123456789") == 0xE3069283
    assert crc32c(bytes(32)) == 0x8A9136AA
    assert crc32c(b"\xff" * 32) == 0x62A8AB43
    assert crc32c(bytes(range(32))) == 0x46DD794E
    assert masked_crc32c(b"") == 0xA282EAD8


@pytest.mark.parametrize("size", [0, 1, 2047, 2048, 2049, 2304, 5000, 70_001])
def test_crc32c_of_long_data_is_that_of_its_definition(size):
    data = bytes(number * number % 251 for number in range(size))
    assert crc32c(data) == bit_by_bit(data)


@settings(derandomize=True)
@given(st.lists(st.binary(max_size=300)))
def test_what_is_written_is_read(pieces):
    file = io.BytesIO(b"".join(map(records.framed, pieces)))
    assert list(records.read(file, "there")) == pieces


@settings(derandomize=True)
@given(st.binary(min_size=1, max_size=50), st.data())
def test_damage_is_noticed(piece, data):
    whole = records.framed(piece)
    at = data.draw(st.integers(0, len(whole) - 1))
    spoiled = bytearray(whole)
    spoiled[at] ^= data.draw(st.integers(1, 255))
    cut = whole[: data.draw(st.integers(1, len(whole) - 1))]
    for broken in (bytes(spoiled), cut):
        with pytest.raises(tf.errors.DataLossError, match=r"here: (corrupted|truncated) record"):
            list(records.read(io.BytesIO(broken), "here"))
