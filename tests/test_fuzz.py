"""Arrays of any shape, axes in range or not: NumPy's value or TensorFlow's exception, always.

Each example is built on placeholders of known shapes, of unknown sizes and of unknown rank. Where
all is known what does not fit is refused while building, else in the run; see tests/fuzzed.py.
"""
import os

import fuzzed
import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings

import minitf as tf
from minitf.core.tensor_shape import merge

MANY = settings(
    max_examples=int(os.environ.get("MINITF_EXAMPLES", "40")), derandomize=True,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
FORMS = {
    "known": list,
    "sizes": lambda shape: [None] * len(shape),
    "rank": lambda shape: None,
}
LATE = {"rank in the run": FORMS["rank"], "sizes in the run": FORMS["sizes"]}


@pytest.fixture(autouse=True)
def in_numpy(monkeypatch):
    monkeypatch.setenv("MINITF_JIT", "0")


# -- the question ---------------------------------------------------------------------------------


def ask(entry, xs, *arguments):
    """That minitf gives what the entry of fuzzed.py wants, however much is known of the shapes."""
    try:
        want = entry.want(xs, *arguments)
    except fuzzed.Refused as refused:
        want = refused
    for form, shape in (FORMS | LATE).items():
        check(form.split()[0], want, *outcome(entry, xs, arguments, shape, form in LATE))


def placed(x, shape, late):
    """A tensor of which so much is known: when the run is planned all of a feed, but no more of
    what Python gives in the run."""
    if not late:
        return tf.placeholder(x.dtype, shape)
    found = tf.py_func(lambda x: x, [tf.constant(x)], x.dtype)
    found.set_shape(shape)
    return found


def outcome(entry, xs, arguments, shape, late):
    """(values, static shapes), or the exception's name and None."""
    tf.reset_default_graph()
    places = [placed(x, shape(x.shape), late) for x in xs]
    try:
        found = entry.build(tf, places, *arguments)
        with tf.Session() as sess:
            values = sess.run(found, {} if late else dict(zip(places, xs)))
    except Exception as raised:
        return type(raised).__name__, None
    many = isinstance(found, (list, tuple))
    return (values, [y._shape for y in found]) if many else ([values], [found._shape])


def allowed(form, refused):
    """The exceptions; where all is known minitf may tell while building what TensorFlow tells in
    the run."""
    if form == "rank":
        return {refused.unknown}
    return {refused.known, "ValueError"} | ({refused.unknown} if form == "sizes" else set())


def check(form, want, got, shapes):
    if isinstance(want, fuzzed.Refused):
        assert shapes is None, f"{form}: {want.known} expected, got {got}"
        assert got in allowed(form, want), form
        return
    assert shapes is not None, f"{form}: raised {got}"
    for one, other, shape in zip(got, want if isinstance(want, list) else [want], shapes):
        assert np.shape(one) == np.shape(other), form
        assert np.asarray(one).dtype == other.dtype, form
        assert merge(shape, np.shape(one)) == np.shape(one), form
        assert form != "known" or None not in (shape or [None]) or shape == (), form
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


# -- what is drawn --------------------------------------------------------------------------------

SHAPES = hnp.array_shapes(min_dims=0, max_dims=5, min_side=0, max_side=3)
NUMBERS = st.sampled_from([np.float32, np.float64, np.int32, np.int64])
AXES = st.integers(-6, 5)


def filled(shape, dtype, seed=0):
    """Numbers from -4 to 4, zero among them; the same for the same shape."""
    numbers = np.arange(int(np.prod(shape)))
    return ((numbers * 5 + seed) % 9 - 4).reshape(shape).astype(dtype)


@st.composite
def arrays(draw, dtypes=NUMBERS):
    return filled(draw(SHAPES), draw(dtypes))


@st.composite
def pairs(draw):
    """Two arrays that mostly broadcast."""
    if draw(st.integers(0, 3)):
        shapes = draw(hnp.mutually_broadcastable_shapes(
            num_shapes=2, min_side=0, max_side=3, max_dims=5)).input_shapes  # fmt: skip
    else:
        shapes = draw(SHAPES), draw(SHAPES)
    first = draw(NUMBERS)
    second = first if draw(st.integers(0, 5)) else draw(NUMBERS)
    return [filled(shapes[0], first), filled(shapes[1], second, 3)]


@st.composite
def alike(draw):
    """Arrays of one shape, but, sometimes, for an axis or all."""
    shape, dtype = draw(SHAPES), draw(NUMBERS)
    shapes = [list(shape) for _ in range(draw(st.integers(2, 3)))]
    if shape and draw(st.booleans()):
        axis = draw(st.integers(0, len(shape) - 1))
        for each in shapes:
            each[axis] = draw(st.integers(0, 3))
    elif not draw(st.integers(0, 5)):
        shapes[-1] = draw(SHAPES)
    return [filled(each, dtype, n) for n, each in enumerate(shapes)]


@st.composite
def numbers_for(draw, x, low, high):
    """A list with a number for each axis, sometimes one too many or too few."""
    count = x.ndim if draw(st.integers(0, 4)) else draw(st.integers(0, 5))
    return draw(st.lists(st.integers(low, high), min_size=count, max_size=count))


def names(table):
    return pytest.mark.parametrize("name", table)


# -- the ops --------------------------------------------------------------------------------------


@names(fuzzed.ELEMENTWISE)
@MANY
@given(xs=pairs())
def test_of_two(name, xs):
    ask(fuzzed.ELEMENTWISE[name], xs)


@names(fuzzed.SINGLE)
@MANY
@given(x=arrays())
def test_of_one(name, x):
    ask(fuzzed.SINGLE[name], [x])


AXIS = st.none() | st.integers(-6, 5) | st.lists(AXES, min_size=1, max_size=3)


def named_once(x, axis):
    axes = axis if isinstance(axis, list) else []
    return len({n % max(x.ndim, 1) for n in axes}) == len(axes)


@names(fuzzed.REDUCTIONS)
@MANY
@given(x=arrays(), axis=AXIS, keepdims=st.booleans())
def test_reductions(name, x, axis, keepdims):
    assume(named_once(x, axis))
    ask(fuzzed.REDUCTIONS[name], [x], axis, keepdims)


@MANY
@given(x=arrays(st.sampled_from([np.float32, np.float64])), axis=AXIS, keepdims=st.booleans())
def test_mean(x, axis, keepdims):
    assume(named_once(x, axis))
    ask(fuzzed.MEAN, [x], axis, keepdims)


@names(fuzzed.TRUTHS)
@MANY
@given(x=arrays(st.just(np.bool_)), axis=AXIS, keepdims=st.booleans())
def test_truths(name, x, axis, keepdims):
    assume(named_once(x, axis))
    ask(fuzzed.TRUTHS[name], [x], axis, keepdims)


@names(fuzzed.ALONG)
@MANY
@given(x=arrays(), axis=AXES)
def test_along_an_axis(name, x, axis):
    ask(fuzzed.ALONG[name], [x], axis)


@MANY
@given(x=arrays(), data=st.data())
def test_reshape(x, data):
    shape = data.draw(st.lists(st.integers(-1, 4), max_size=4))
    if shape and data.draw(st.booleans()):
        rest = int(np.prod(shape[1:]))
        shape[0] = x.size // rest if rest > 0 else -1
    # Beside a size of zero only the run knows what -1 is: see goldens/snippets/from_own_tests.py.
    assume(x.size or not {0, -1} <= set(shape))
    ask(fuzzed.SHAPES["reshape"], [x], shape)


@MANY
@given(x=arrays(), data=st.data())
def test_transpose(x, data):
    perm = data.draw(st.permutations(range(x.ndim)) | numbers_for(x, -5, 4))
    ask(fuzzed.SHAPES["transpose"], [x], list(perm))


@MANY
@given(x=arrays(), axes=st.lists(AXES, max_size=2))
def test_squeeze(x, axes):
    ask(fuzzed.SHAPES["squeeze"], [x], axes)


@MANY
@given(x=arrays(), axes=st.lists(AXES, max_size=3))
def test_reverse(x, axes):
    ask(fuzzed.SHAPES["reverse"], [x], axes)


@MANY
@given(x=arrays(), axis=AXES)
def test_expand_dims(x, axis):
    ask(fuzzed.EXPAND, [x], axis)


@MANY
@given(x=arrays(), data=st.data())
def test_broadcast_to(x, data):
    shape = [n if n != 1 else data.draw(st.integers(0, 3)) for n in x.shape]
    if not data.draw(st.integers(0, 3)):
        shape = data.draw(st.lists(st.integers(0, 3), max_size=5))
    ask(fuzzed.SHAPES["broadcast_to"], [x], shape)


@MANY
@given(x=arrays(), data=st.data())
def test_tile(x, data):
    ask(fuzzed.SHAPES["tile"], [x], data.draw(numbers_for(x, -1, 3)))


@MANY
@given(x=arrays(), data=st.data())
def test_pad(x, data):
    before, after = data.draw(numbers_for(x, -1, 3)), data.draw(numbers_for(x, 0, 3))
    ask(fuzzed.PAD, [x], [list(pair) for pair in zip(before, after)])


@MANY
@given(xs=alike(), axis=AXES)
def test_concat(xs, axis):
    ask(fuzzed.CONCAT, xs, axis)


@MANY
@given(xs=alike(), axis=AXES)
def test_stack(xs, axis):
    ask(fuzzed.STACK, xs, axis)


@MANY
@given(x=arrays(), count=st.integers(1, 4), axis=AXES)
def test_split(x, count, axis):
    ask(fuzzed.SPLIT, [x], count, axis)


@pytest.mark.usefixtures("cpu")
@MANY
@given(x=arrays(), data=st.data())
def test_gather(x, data):
    axis = data.draw(AXES)
    size = x.shape[axis] if -x.ndim <= axis < x.ndim else 2
    places = hnp.arrays(np.int32, hnp.array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=2),
                        elements=st.integers(-1 if not data.draw(st.integers(0, 4)) else 0,
                                             max(size - 1, 0)))  # fmt: skip
    ask(fuzzed.GATHER, [x, data.draw(places)], axis)


@MANY
@given(x=arrays(), data=st.data())
def test_slice(x, data):
    begin = data.draw(numbers_for(x, -1, 3))
    size = data.draw(st.lists(st.integers(-1, 3), min_size=len(begin), max_size=len(begin)))
    if data.draw(st.booleans()) and len(begin) == x.ndim:
        begin = [min(max(b, 0), n) for b, n in zip(begin, x.shape)]
        size = [min(m, n - b) for m, n, b in zip(size, x.shape, begin)]
    ask(fuzzed.SLICE, [x], begin, size)
