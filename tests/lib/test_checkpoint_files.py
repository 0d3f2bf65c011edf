"""The files of checkpoints, read as TensorFlow wrote them and written as it does."""
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from goldens import checkpoints
from goldens.checkpoints import BFLOAT16, FILES, HERE
from hypothesis import given, settings
from hypothesis import strategies as st

import minitf as tf
from minitf.core.dtypes import as_dtype
from minitf.lib import crc32c, tensor_slice
from minitf.lib.checkpoint import opened
from minitf.lib.snappy import uncompressed
from minitf.lib.table import BLOCK, Table, table
from minitf.lib.tensor_bundle import BundleReader, BundleWriter
from minitf.lib.tensor_slice import Slice, key, parsed
from minitf.lib.whole_files import write_whole
from minitf.runtime import quick

FAST = settings(derandomize=True, max_examples=40)


def golden(name):
    return os.path.join(HERE, name)


# -- what TensorFlow wrote ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["v2", "v1"])
def test_every_type_is_read(name):
    with opened(golden(name)) as stored:
        assert stored.names == sorted({**checkpoints.arrays(), **checkpoints.cut()})
        for name, array in checkpoints.arrays().items():
            found = stored.tensor(name)
            assert found.dtype == array.dtype and found.shape == array.shape, name
            assert (found == array).all(), name


@pytest.mark.parametrize("name", ["v2", "v1"])
def test_parts_are_read_in_any_cut(name):
    with opened(golden(name)) as stored:
        for name, (array, _, _) in checkpoints.cut().items():
            assert (stored.tensor(name) == array).all()
        rows = checkpoints.cut()["parts/rows"][0]
        for spec, wanted in (("7 2 2,4:-", rows[2:6]), ("7 2 3,2:0,2", rows[3:5]),
                             ("7 2 0,7:1,1", rows[:, 1:])):  # fmt: skip
            assert (stored.tensor("parts/rows", parsed(spec)[1]) == wanted).all()
        number = stored.tensor("n/float32", parsed("2 3 1,1:-")[1])
        assert (number == checkpoints.arrays()["n/float32"][1:]).all()


@pytest.mark.parametrize("name", ["sharded", "sharded1-?????-of-00002"])
def test_several_files(name):
    with opened(golden(name)) as stored:
        assert {name: stored.tensor(name).tolist() for name in stored.names} == checkpoints.TWO


def test_bfloat16_is_read_as_float32():
    with opened(golden("bfloat16")) as stored:
        assert stored.described("b")[0] is tf.bfloat16
        assert stored.tensor("b").dtype == np.float32 and stored.tensor("b").tolist() == BFLOAT16


def test_a_saver_writes_the_same_bytes(tmp_path):
    checkpoints.save_all(tf, str(tmp_path))
    assert sorted(os.listdir(tmp_path)) == FILES
    for name in FILES:
        assert (tmp_path / name).read_bytes() == Path(golden(name)).read_bytes(), name


# -- tables ---------------------------------------------------------------------------------------


@FAST
@given(st.dictionaries(st.binary(max_size=30), st.binary(max_size=60), max_size=80))
def test_a_table_has_what_was_put_in(tmp_path_factory, entries):
    path = tmp_path_factory.mktemp("table") / "t"
    path.write_bytes(b"".join(table(sorted(entries.items()))))
    with Table(path) as found:
        assert list(found) == sorted(entries.items())
        assert all(found.get(key) == value for key, value in entries.items())
        assert found.get(b"\xff" * 31) is None and found.get(b"~no such key~" * 3) is None


def test_a_table_of_many_blocks(tmp_path):
    entries = [(b"%06d" % i, bytes([i % 251]) * 997) for i in range(900)]
    entries.append((b"1", b"x" * 2 * BLOCK))
    (tmp_path / "t").write_bytes(b"".join(table(entries)))
    with Table(tmp_path / "t") as found:
        assert len(found._index) > 4 and list(found) == entries
        assert found.get(b"000777") == entries[777][1] and found.get(b"1") == entries[-1][1]


def test_a_damaged_table_is_refused(tmp_path):
    path, data = tmp_path / "t", b"".join(table([(b"a", b"1"), (b"b", b"2")]))
    for wrong, said in ((data[:-1], "not an sstable"), (b"", "not an sstable"),
                        (data[:3] + b"!" + data[4:], "block checksum mismatch at 0")):  # fmt: skip
        path.write_bytes(wrong)
        with pytest.raises(tf.errors.DataLossError, match=said), Table(path) as found:
            list(found)


def test_snappy():
    assert uncompressed(b"\x05\x10hello") == b"hello"
    assert uncompressed(b"\x0a\x04ab\x1e\x02\x00") == b"ab" * 5  # a copy that reads what it writes
    assert uncompressed(b"\x09\x04ab\x0d\x02") == b"ab" * 4 + b"a"
    assert uncompressed(b"\x46\xf0\x45" + b"x" * 70) == b"x" * 70
    for wrong in (b"\x05\x10hell", b"\x06\x10hello", b"\x09\x0d\x02"):
        with pytest.raises(IndexError):
            uncompressed(wrong)


# -- checksums, keys, parts -----------------------------------------------------------------------


def test_a_checksum_goes_on():
    data = np.random.RandomState(0).bytes(9000)
    for cut in (0, 1, 4000, 8999):
        assert crc32c.crc32c(data[cut:], crc32c.crc32c(data[:cut])) == crc32c.crc32c(data)


@pytest.mark.parametrize("table_of_bytes", [False, True])
def test_the_checksum_in_c(monkeypatch, table_of_bytes):
    if quick.base.base() is None:
        pytest.skip("needs a C compiler")
    if table_of_bytes:
        source = crc32c._SOURCE.replace("defined(__SSE4_2__)", "0")
        source = source.replace("defined(__ARM_FEATURE_CRC32)", "0")
        monkeypatch.setattr(crc32c, "_SOURCE", source)
    in_c = crc32c.compiled(quick.run)
    for size in (0, 1, 7, 8, 9, 2048, 70_001):
        data = np.random.RandomState(size).bytes(size)
        assert in_c(data) == crc32c.crc32c(data)
        assert in_c(data[size // 3 :], in_c(data[: size // 3])) == in_c(data)


@FAST
@given(st.lists(st.integers(-(1 << 63), (1 << 63) - 1), min_size=2, max_size=2))
def test_keys_sort_as_their_parts_do(starts):
    keys = [key(b"w", Slice(((start, 1),))) for start in starts]
    assert (keys[0] < keys[1]) == (starts[0] < starts[1])


def test_names_in_keys():
    assert key(b"a\0\xffb", Slice.whole(1)) == b"\0a\0\xff\xff\0b\0\1\1\1\x80\x7f"


@pytest.mark.parametrize(
    "spec, said",
    [
        ("garbage", "Need least two elements"),
        ("x 0,1", "Non numerical dimension"),
        ("4 2", "Expected a pair of numbers or '-' but got '2'"),
        ("4 0,0", "Expected non-negative start and positive length"),
        ("4 3,2", r"Extent in dimension 0 out of bounds: shape = \[4\], slice = 3,2"),
        ("4 4 0,1", "Mismatching ranks"),
    ],
)
def test_parts_that_are_refused(spec, said):
    with pytest.raises(ValueError, match=said):
        parsed(spec)


def test_parts_are_written_as_they_are_read():
    whole, part = parsed("7 2 0,3:-")
    assert whole == (7, 2) and str(part) == "0,3:-" and part.within(whole).shape == (3, 2)
    assert Slice.of(part.proto()) == part and part.proto().extent[1].HasField("has_length") is False
    assert tensor_slice.overlap(Slice(((0, 3),)), Slice(((3, 2),))) is None


# -- what goes wrong ------------------------------------------------------------------------------


@pytest.fixture
def copied(tmp_path):
    for name in FILES:
        shutil.copy(golden(name), tmp_path)
    return tmp_path


def changed(path, at=None, size=None):
    data = bytearray(path.read_bytes())
    if at is not None:
        data[at] ^= 1
    path.write_bytes(data[:size])


def test_a_changed_byte_names_file_and_tensor(copied):
    changed(copied / "v2.data-00000-of-00001", at=3)
    with opened(copied / "v2") as stored:
        with pytest.raises(tf.errors.DataLossError, match="Checksum does not match") as raised:
            for name in stored.names:
                stored.tensor(name)
        said = str(raised.value)
        assert f"tensor '{name}'" in said and "v2.data-00000-of-00001" in said
        assert "restore an older checkpoint" in said


@pytest.mark.parametrize("name", ["n/float32", "n/string", "text"])
def test_data_that_break_off(copied, name):
    changed(copied / "v2.data-00000-of-00001", size=2)
    less = pytest.raises(tf.errors.DataLossError, match="less bytes")
    with opened(copied / "v2") as stored, less:
        stored.tensor(name)


def test_strings_that_are_damaged(copied):
    with opened(copied / "v2") as stored:
        entry = stored._entry(b"n/string")
    for place in range(entry.offset, entry.offset + entry.size):
        changed(copied / "v2.data-00000-of-00001", at=place)
        with opened(copied / "v2") as stored, pytest.raises(tf.errors.DataLossError):
            stored.tensor("n/string")
        changed(copied / "v2.data-00000-of-00001", at=place)


@pytest.mark.parametrize("name", ["v2.index", "v1"])
def test_any_damage_to_a_table_is_found(copied, name):
    size = (copied / name).stat().st_size
    for place in range(0, size, 97):
        changed(copied / name, at=place)
        with pytest.raises((tf.errors.DataLossError, tf.errors.InternalError)):
            with opened(copied / name.removesuffix(".index")) as stored:
                for each in stored.names:
                    stored.tensor(each)
            if place > size - 48:  # the padding of the footer
                raise tf.errors.DataLossError(None, None, "")
        changed(copied / name, at=place)


def test_files_that_are_no_checkpoints(copied):
    with pytest.raises(tf.errors.NotFoundError, match="Failed to find any matching files for"):
        opened(copied / "none")
    with pytest.raises(tf.errors.DataLossError, match="perhaps your file is in a") as said:
        opened(str(copied / "v2.data-00000-of-00001"))
    assert f"Give the name of the checkpoint without the ending: '{copied}/v2'" in str(said.value)
    (copied / "v2.data-00000-of-00001").unlink()
    missing = pytest.raises(tf.errors.NotFoundError, match="data-00000")
    with opened(copied / "v2") as stored, missing:
        stored.tensor("one")


# -- writing --------------------------------------------------------------------------------------


def floats(*values):
    return np.array(values, np.float32)


def test_nothing_is_there_until_all_is_written(tmp_path):
    with BundleWriter(tmp_path / "m") as writer:
        writer.add("a", floats(1, 2), tf.float32)
    before = {name: (tmp_path / name).read_bytes() for name in os.listdir(tmp_path)}
    with pytest.raises(ZeroDivisionError), BundleWriter(tmp_path / "m") as writer:
        writer.add("a", floats(3), tf.float32)
        raise ZeroDivisionError
    assert {name: (tmp_path / name).read_bytes() for name in os.listdir(tmp_path)} == before


def test_what_is_refused(tmp_path):
    with BundleWriter(tmp_path / "m") as writer:
        writer.add("a", floats(1), tf.float32)
        with pytest.raises(tf.errors.InvalidArgumentError, match="Adding duplicate key: a"):
            writer.add("a", floats(1), tf.float32)
        writer.add("b", floats(1), tf.float32, *parsed("4 0,1"))
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"float32\[4\] and float32\[5\]"):
            writer.add("b", floats(1), tf.float32, *parsed("5 1,1"))
    with BundleReader(tmp_path / "m") as stored:
        assert stored.tensor("b", parsed("4 0,1")[1]).tolist() == [1]
        with pytest.raises(tf.errors.InvalidArgumentError, match="not have sufficient slices"):
            stored.tensor("b")


def test_a_part_that_is_all_is_written_as_one(tmp_path):
    with BundleWriter(tmp_path / "m") as writer:
        writer.add("a", floats(1, 2), tf.float32, *parsed("2 0,2"))
    with BundleReader(tmp_path / "m") as stored:
        assert stored.described("a") == (tf.float32, (2,), 0)


def test_large_tensors_go_by_pieces(tmp_path):
    large = np.arange(700_000, dtype=np.float64)
    with BundleWriter(tmp_path / "m") as writer:
        writer.add("a", large, tf.float64)
        writer.add("turned", large.reshape(700, 1000).T, tf.float64)
    with BundleReader(tmp_path / "m") as stored:
        assert (stored.tensor("a") == large).all()
        assert (stored.tensor("turned") == large.reshape(700, 1000).T).all()


@FAST
@given(st.lists(st.tuples(st.sampled_from(checkpoints.NUMBERS.split()),
                          st.lists(st.integers(0, 4), max_size=3)), max_size=8))  # fmt: skip
def test_what_is_written_is_read(tmp_path_factory, wanted):
    prefix = tmp_path_factory.mktemp("m") / "m"
    arrays = {f"v{i}": np.asarray(np.random.RandomState(i).rand(*shape) * 9).astype(dtype)
              for i, (dtype, shape) in enumerate(wanted)}  # fmt: skip
    with BundleWriter(prefix) as writer:
        for name, array in arrays.items():
            writer.add(name, array, as_dtype(array.dtype))
    with BundleReader(prefix) as stored:
        assert stored.names == sorted(arrays)
        for name, array in arrays.items():
            assert stored.tensor(name).shape == array.shape
            assert (stored.tensor(name) == array).all()


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "checkpoint"
    write_whole(path, b"old")
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space")))
    with pytest.raises(tf.errors.ResourceExhaustedError, match="checkpoint; No space"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old" and os.listdir(tmp_path) == ["checkpoint"]
