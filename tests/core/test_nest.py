"""tf.nest: flat lists and back."""
from collections import OrderedDict, defaultdict, namedtuple

import numpy as np
import pytest

import minitf as tf

Point = namedtuple("Point", "x y")
NESTED = {"b": [1, (2, 3)], "a": Point(4, {"z": 5})}


def test_flatten_takes_dicts_in_the_order_of_their_keys():
    assert tf.nest.flatten(NESTED) == [4, 5, 1, 2, 3]


@pytest.mark.parametrize("leaf", [3, "text", b"bytes", None, np.float32(2), {1, 2}, object])
def test_leaves_are_no_structures(leaf):
    assert tf.nest.flatten(leaf) == [leaf]
    assert not tf.nest.is_nested(leaf)


def test_pack_gives_back_the_structure_with_its_types():
    packed = tf.nest.pack_sequence_as(NESTED, [10, 20, 30, 40, 50])
    assert packed == {"b": [30, (40, 50)], "a": Point(10, {"z": 20})}
    assert isinstance(packed["a"], Point)


def test_pack_keeps_the_kind_and_order_of_dicts():
    ordered = OrderedDict([("b", 1), ("a", 2)])
    assert list(tf.nest.pack_sequence_as(ordered, [5, 6]).items()) == [("b", 6), ("a", 5)]
    counts = defaultdict(int, a=1)
    assert tf.nest.pack_sequence_as(counts, [7])["missing"] == 0


@pytest.mark.parametrize("flat", [[1], [1, 2, 3]])
def test_pack_refuses_another_length(flat):
    with pytest.raises(ValueError, match="Could not pack sequence"):
        tf.nest.pack_sequence_as([1, 2], flat)


def test_pack_refuses_what_is_no_sequence():
    with pytest.raises(TypeError, match="must be a sequence"):
        tf.nest.pack_sequence_as([1], 3)


def test_map_structure():
    assert tf.nest.map_structure(lambda a, b: a + b, [1, (2,)], [10, (20,)]) == [11, (22,)]
    assert tf.nest.map_structure(str, 3) == "3"


@pytest.mark.parametrize(
    ("first", "second", "error"),
    [
        ([1], [1, 2], ValueError),
        ([1], 1, ValueError),
        ([1, [2]], [[1], 2], ValueError),
        ({"a": 1}, {"b": 1}, ValueError),
        ([1], (1,), TypeError),
        (Point(1, 2), (1, 2), TypeError),
    ],
)
def test_structures_that_differ(first, second, error):
    with pytest.raises(error, match="don't have the same nested structure"):
        tf.nest.assert_same_structure(first, second)


def test_types_may_differ_when_asked():
    tf.nest.assert_same_structure([1, 2], (1, 2), check_types=False)
    tf.nest.assert_same_structure({"a": 1}, OrderedDict(a=1))


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: tf.nest.map_structure(3, [1]), TypeError),
        (lambda: tf.nest.map_structure(str), ValueError),
        (lambda: tf.nest.map_structure(str, [1], deep=True), ValueError),
        (lambda: tf.nest.flatten({1: 2, "a": 3}), TypeError),
    ],
)
def test_refused(call, error):
    with pytest.raises(error):
        call()


def test_composites_are_expanded_when_asked():
    slices = tf.IndexedSlices(tf.constant([1.0]), tf.constant([0]))
    assert tf.nest.flatten([slices]) == [slices]
    values = tf.nest.flatten([slices], expand_composites=True)
    assert values[:2] == [slices.values, slices.indices]
    rebuilt = tf.nest.pack_sequence_as([slices], values, expand_composites=True)[0]
    assert isinstance(rebuilt, tf.IndexedSlices)
    assert rebuilt.values is slices.values
