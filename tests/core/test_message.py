"""Protocol messages: what is written is read; what is damaged is refused."""
import contextlib
import copy
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import minitf as tf
from minitf.core.proto.message import Message
from minitf.core.proto.meta_graph import TensorInfo
from minitf.core.proto.wire import DecodeError

often = settings(max_examples=60, derandomize=True)


class Part(Message):
    PROTO = "int32 number = 1; string name = 2;"


class Whole(Message):
    PROTO = """
        enum Kind { NONE = 0; SOME = 1; ALL = -5; }
        Kind kind = 1;
        repeated int64 numbers = 2;
        repeated double doubles = 3;
        repeated bytes pieces = 4;
        map<string, Part> parts = 5;
        map<int64, string> names = 6;
        repeated Part more = 100;
        oneof one {
            bool yes = 7; float ratio = 8; Part part = 9; fixed64 id = 10; uint32 small = 11;
        }
    """


integers = st.integers(-(1 << 63), (1 << 63) - 1)
parts = st.builds(lambda number, name: {"number": number, "name": name},
                  st.integers(-(1 << 31), (1 << 31) - 1), st.text(max_size=5))  # fmt: skip
wholes = st.builds(
    lambda one, **fields: Whole(**fields, **one),
    one=st.one_of(
        st.just({}), st.booleans().map(lambda yes: {"yes": yes}), parts.map(lambda p: {"part": p}),
        st.floats(width=32, allow_nan=False).map(lambda ratio: {"ratio": ratio}),
        st.integers(0, (1 << 64) - 1).map(lambda id: {"id": id}),
        st.integers(0, (1 << 32) - 1).map(lambda small: {"small": small}),
    ),
    kind=st.sampled_from([0, 1, -5]), numbers=st.lists(integers, max_size=4),
    doubles=st.lists(st.floats(allow_nan=False), max_size=4),
    pieces=st.lists(st.binary(max_size=4), max_size=3), more=st.lists(parts, max_size=3),
    parts=st.dictionaries(st.text(max_size=3), parts, max_size=3),
    names=st.dictionaries(integers, st.text(max_size=3), max_size=3),
)  # fmt: skip


@often
@given(wholes)
def test_what_is_written_is_read(message):
    data = message.SerializeToString()
    found = Whole.FromString(data)
    assert found == message and found.SerializeToString() == data
    assert found.WhichOneof("one") == message.WhichOneof("one")
    assert str(found) == str(message) and found.ByteSize() == len(data)


@often
@given(wholes)
def test_copies_are_equal_and_apart(message):
    for made in (copy.deepcopy(message), copy.copy(message), pickle.loads(pickle.dumps(message))):
        assert made == message
        made.more.add(number=1)
        assert made != message


@often
@given(wholes, wholes)
def test_merging_is_parsing_one_after_the_other(one, other):
    merged = copy.deepcopy(one)
    merged.MergeFrom(other)
    both = one.SerializeToString() + other.SerializeToString()
    parsed = Whole.FromString(both)
    parsed.kind, merged.kind = other.kind or one.kind, other.kind or one.kind
    for name in ("parts", "names"):  # an entry that comes again replaces, and merges
        parsed.ClearField(name), merged.ClearField(name)
    if one.WhichOneof("one") == other.WhichOneof("one") == "part":
        assert parsed.part.name == merged.part.name
    else:
        assert parsed == merged


@often
@given(st.binary(max_size=40))
def test_any_bytes_are_read_or_refused(data):
    with contextlib.suppress(DecodeError):
        assert Whole.FromString(data).ByteSize() < 10 * len(data) + 1


def test_a_number_that_is_not_packed_is_read():
    assert list(Whole.FromString(b"\x10\x05\x10\x06").numbers) == [5, 6]


def test_unknown_fields_are_left_out():
    data = tf.Event(wall_time=2, step=3, file_version="x").SerializeToString()  # 1, a double
    assert Part.FromString(data + Part(number=7).SerializeToString()) == Part(number=7)


def test_where_a_message_breaks_off_is_said():
    with pytest.raises(DecodeError, match="Error parsing message: Whole"):
        Whole.FromString(Whole(pieces=[b"abc"]).SerializeToString()[:-1])


def test_unknown_names_list_what_is_there():
    with pytest.raises(ValueError, match='message Part has no "nme" field; it has number, name'):
        Part(nme="x")
    with pytest.raises(AttributeError, match='Assignment not allowed to repeated field "numbers"'):
        Whole().numbers = [1]
    with pytest.raises(ValueError, match="Value out of range: 4294967296"):
        Part(number=1 << 32)


def test_what_takes_the_place_of_another_keeps_its_value():
    info = TensorInfo(name="a:0", dtype=1)
    info.coo_sparse.values_tensor_name = "v:0"
    info.coo_sparse.indices_tensor_name = "i:0"
    assert info.WhichOneof("encoding") == "coo_sparse" and info.name == ""
    assert info.coo_sparse.values_tensor_name == "v:0"
    info.name = "b:0"
    assert info.WhichOneof("encoding") == "name" and info.name == "b:0"
    assert not info.HasField("coo_sparse")
    assert TensorInfo.FromString(info.SerializeToString()) == info
