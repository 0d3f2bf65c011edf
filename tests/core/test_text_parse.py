"""Messages from text and from bytes: what was written is read, what is none is refused."""
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.core.proto.meta_graph import CollectionDef, MetaGraphDef
from minitf.core.proto.text_parse import ParseError, merge
from minitf.core.proto.wire import DecodeError

TEXT = """
# a comment
node { name: "a" op: 'Const' input: ["x", "^y"];
  attr { key: "T" value { type: DT_FLOAT } }
  attr < key: "s" value: { s: "\\001\\x41\\n" "more" } >
  attr { key: "f" value { f: -1.5e3f } } attr { key: "i" value { i: 0x10 } }
  attr { key: "n" value { f: -inf } } attr { key: "b" value { b: true } }
  attr { key: "shape" value { shape { dim { size: -1 } dim { size: 3 } } } } }
versions { producer: 134, }
"""


def test_text_of_any_form():
    node = merge(TEXT, tf.GraphDef()).node[0]
    attrs = node.attr
    assert (node.name, node.op, list(node.input)) == ("a", "Const", ["x", "^y"])
    assert attrs["s"].s == b"\x01A\nmore" and attrs["f"].f == -1500 and attrs["i"].i == 16
    assert attrs["n"].f == -float("inf") and attrs["b"].b and attrs["T"].type == 1
    assert [dim.size for dim in attrs["shape"].shape.dim] == [-1, 3]
    assert merge(TEXT, tf.GraphDef()).versions.producer == 134


@pytest.mark.parametrize(("text", "message"), [
    ("nodes { }", '1:1 : Message type "tensorflow.GraphDef" has no field named "nodes"'),
    ("node {\n nam: 1 }", '2:2 : Message type "tensorflow.NodeDef" has no field named "nam"'),
    ("node { name: 1 }", "1:14 : Expected string but found: '1'"),
    ("node { name: \"a\"", 'Expected "}"'),
    ("version: x", "1:10 : Couldn't parse int32: x"),
    ("version: 99999999999", "Couldn't parse int32"),
    ("version 1", "Expected ':'"),
    ("node: 3", "Expected '{'"),
    ("node { attr { key: \"T\" value { type: DT_NONE } } }", "enum has no value named DT_NONE"),
    ("node { name: \"a", "1:14"),
    ("}", "Expected identifier"),
])  # fmt: skip
def test_text_that_is_no_message_is_refused_by_line_and_column(text, message):
    with pytest.raises(ParseError) as raised:
        merge(text, tf.GraphDef())
    assert message in str(raised.value)


names = st.text(st.characters(codec="utf-8"), max_size=8)
values = st.one_of(
    st.builds(lambda v: tf.AttrValue(i=v), st.integers(-(1 << 63), (1 << 63) - 1)),
    st.builds(lambda v: tf.AttrValue(s=v), st.binary(max_size=8)),
    st.builds(lambda v: tf.AttrValue(f=v), st.floats(width=32, allow_nan=False)),
    st.builds(lambda v: tf.AttrValue(b=v), st.booleans()),
    st.builds(lambda v: tf.AttrValue(list=tf.AttrValue.ListValue(i=v)),
              st.lists(st.integers(-5, 1 << 40), max_size=4)),
    st.builds(lambda v: tf.AttrValue(tensor=tf.make_tensor_proto(v, tf.float32)),
              st.lists(st.floats(width=32, allow_nan=False), min_size=1, max_size=4)),
)  # fmt: skip


@st.composite
def graphs(draw):
    made = tf.GraphDef()
    for _ in range(draw(st.integers(0, 3))):
        node = made.node.add(name=draw(names), op=draw(names), input=draw(st.lists(names)))
        for key, value in draw(st.dictionaries(names, values, max_size=3)).items():
            node.attr[key].CopyFrom(value)
    return made


@given(graphs())
def test_what_is_written_is_read(graph):
    assert tf.GraphDef.FromString(graph.SerializeToString()) == graph
    assert merge(str(graph), tf.GraphDef()) == graph


@given(st.binary(max_size=60))
def test_bytes_are_a_message_or_refused(data):
    try:
        found = MetaGraphDef.FromString(data)
    except DecodeError:
        return
    assert MetaGraphDef.FromString(found.SerializeToString()) == found


@given(graphs(), st.data())
def test_damaged_bytes_are_a_message_or_refused(graph, data):
    whole = bytearray(graph.SerializeToString())
    for _ in range(data.draw(st.integers(1, 3)) if whole else 0):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(DecodeError):
        tf.GraphDef.FromString(bytes(whole))


@given(st.text(alphabet="node{}<>[]:;,\"'\\ 01af.#\n-_", max_size=40))
def test_text_is_a_message_or_refused(text):
    with contextlib.suppress(ParseError):
        merge(text, tf.GraphDef())


def test_lists_of_messages_and_numbers():
    made = CollectionDef()
    made.int64_list.value.extend([1, 2])
    assert made.WhichOneof("kind") == "int64_list"
    made.node_list.value.append("x")
    assert made.WhichOneof("kind") == "node_list" and not made.int64_list.value
    made.node_list.value.remove("x")
    del made.node_list.value[:]
    assert merge(str(made), CollectionDef()).WhichOneof("kind") == "node_list"


def test_a_message_is_there_once_an_entry_of_its_map_is():
    example = tf.train.Example()
    example.features.feature["a"].float_list.value.extend([1, 2])
    again = tf.train.Example.FromString(example.SerializeToString())
    assert list(again.features.feature["a"].float_list.value) == [1, 2]
    assert example.HasField("features") and again == example
