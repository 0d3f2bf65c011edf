"""Every op, from its rows in cases.py: values, static shapes, gradients, compiled = interpreted."""
import contextlib
import importlib
from pathlib import Path

import numpy as np
import pytest
from cases import CASES, SCENES
from interpreter import interpret

import minitf as tf
from minitf.backend import devices
from minitf.core.op import NOT_DIFFERENTIABLE, REGISTRY
from minitf.core.tensor_shape import is_static, merge
from minitf.runtime import late

# Rows register themselves.
HERE = Path(__file__).parent
for path in sorted([*HERE.glob("cases_*.py"), *HERE.glob("*scenes.py")]):
    importlib.import_module(path.stem)

STEP = 1e-6


def holds_floats(case):
    return any(np.asarray(value).dtype == np.float64 for value in case.inputs)


def cases(*conditions):
    """Decorator: run the test for each row that fulfils the conditions."""
    chosen = [case for case in CASES if all(condition(case) for condition in conditions)]
    return pytest.mark.parametrize("case", chosen, ids=lambda case: case.op)


every_case = cases()


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


def fed(case, shape=lambda sizes: sizes):
    """(outputs, {placeholder: value}), the placeholders of the shapes that `shape` makes of the
    values'."""
    feeds = {tf.placeholder(value.dtype, shape(np.shape(value))): value
             for value in map(np.asarray, case.inputs)}  # fmt: skip
    built = case.build(*feeds)
    return (list(built) if isinstance(built, (list, tuple)) else [built]), feeds


def wanted(case):
    """The reference's values, one for each output."""
    values = case.want(*map(np.asarray, case.inputs))
    outputs, _ = fed(case)
    return [values] if len(outputs) == 1 else list(values)


# What a GPU computes is not rounded as NumPy's is.
LEAST_TOLERANCE = 1e-5 if devices.find().cards else 0


def check(got, want, tolerance=1e-6):
    tolerance = max(tolerance, LEAST_TOLERANCE)
    for one, other in zip(got, want, strict=True):
        np.testing.assert_allclose(one, np.asarray(other), rtol=tolerance, atol=tolerance)


def floats(feeds):
    return [tensor for tensor in feeds if tensor.dtype == tf.float64]


# -- the table ------------------------------------------------------------------------------------


def test_every_op_has_its_row():
    assert {case.op for case in CASES} | SCENES.keys() >= REGISTRY.keys()


@every_case
def test_the_row_builds_its_op(case):
    before = {op.type for op in tf.get_default_graph().get_operations()}
    fed(case)
    assert case.op in {op.type for op in tf.get_default_graph().get_operations()} - before


# -- values and shapes ----------------------------------------------------------------------------


@every_case
def test_values_are_numpys(case):
    want = wanted(case)
    outputs, feeds = fed(case)
    check(interpret(outputs, feeds), want, case.tolerance)


@every_case
def test_static_shapes_and_types_are_those_of_the_values(case):
    outputs, feeds = fed(case)
    for tensor, value in zip(outputs, interpret(outputs, feeds)):
        assert tensor.dtype.as_numpy_dtype is value.dtype.type
        assert merge(tensor._shape, value.shape) == value.shape
        assert is_static(tensor._shape) or not case.known


def outputs_in_other_arrays(case, values, monkeypatch):
    """The outputs of the row's op that lie in memory of an input or of another output."""
    definition, found = REGISTRY[case.op], []
    kernel = definition.kernel

    def watched(xp, *inputs, **attrs):
        made = kernel(xp, *inputs, **attrs)
        arrays = [each for each in inputs if isinstance(each, np.ndarray)]
        for i, output in enumerate(made if isinstance(made, (list, tuple)) else [made]):
            found.extend(i for array in arrays if np.shares_memory(output, array))
            arrays.append(output)
        return made

    with monkeypatch.context() as patch, contextlib.suppress(ValueError, IndexError):
        patch.setattr(definition, "kernel", watched)
        interpret(*fed(case._replace(inputs=values)))
    return found


@cases(lambda case: not (REGISTRY[case.op].view or REGISTRY[case.op].alias))
def test_what_an_op_makes_lies_in_memory_of_its_own(case, monkeypatch):
    """Plans use the memory of inputs again. With one element along each axis there is little to
    move: kernels that reshape() then give what they were given."""
    whole = list(map(np.asarray, case.inputs))
    single = [value[(slice(1),) * value.ndim] for value in whole]
    assert not outputs_in_other_arrays(case, whole, monkeypatch)
    assert not outputs_in_other_arrays(case, single, monkeypatch)


def unknown_sizes(sizes):
    return [None] * len(sizes)


def unknown_rank(_):
    return None


@pytest.mark.parametrize("shape", [unknown_sizes, unknown_rank])
@every_case
def test_unknown_shapes_give_the_same_values(case, shape):
    want = wanted(case)
    tf.reset_default_graph()
    outputs, feeds = fed(case, unknown_sizes if case.ranked else shape)
    values = interpret(outputs, feeds)
    check(values, want, case.tolerance)
    for tensor, value in zip(outputs, values):
        assert merge(tensor._shape, value.shape) == value.shape


NARROW = {tf.float64: tf.float32, tf.complex128: tf.complex64}


@cases(holds_floats)
def test_float32_stays_float32(case):
    narrow = [np.float32(v) if np.asarray(v).dtype == np.float64 else v for v in case.inputs]
    wide, _ = fed(case)
    outputs, feeds = fed(case._replace(inputs=tuple(narrow)))
    for tensor, before, value in zip(outputs, wide, interpret(outputs, feeds)):
        assert tensor.dtype.as_numpy_dtype is value.dtype.type
        if case.op != "Cast":
            assert tensor.dtype == NARROW.get(before.dtype, before.dtype)


# -- gradients ------------------------------------------------------------------------------------


def projected(outputs, key):
    """A scalar: the float outputs, each times fixed random weights, added up."""
    random = np.random.default_rng(key)
    terms = [
        tf.reduce_sum(y * random.normal(size=interpreted_shape(y)))
        for y in outputs
        if y is not None and y.dtype == tf.float64
    ]
    return tf.add_n(terms) if terms else None


def interpreted_shape(tensor):
    return [1 if n is None else n for n in tensor._shape] if tensor._shape else []


def directional(scalar, feeds, directions):
    """The derivative of a scalar along `directions`, by central differences."""

    def at(step):
        moved = {x: v + step * directions[x] if x in directions else v for x, v in feeds.items()}
        return interpret([scalar], moved)[0]

    return (at(STEP) - at(-STEP)) / (2 * STEP)


def directions_of(xs, feeds, key):
    random = np.random.default_rng(key)
    return {x: random.normal(size=np.shape(feeds[x])) for x in xs}


def check_gradient(scalar, feeds, key):
    """The gradients of a scalar, compared with finite differences; the gradients."""
    xs = floats(feeds)
    dxs = tf.gradients(scalar, xs)
    along = directions_of(xs, feeds, key)
    pairs = [(x, dx) for x, dx in zip(xs, dxs) if dx is not None]
    values = interpret([tf.convert_to_tensor(dx) for _, dx in pairs], feeds)
    for (x, _), value in zip(pairs, values):
        assert np.shape(value) == np.shape(feeds[x])
    found = sum(np.sum(value * along[x]) for (x, _), value in zip(pairs, values))
    np.testing.assert_allclose(found, directional(scalar, feeds, along), rtol=1e-5, atol=1e-7)
    return [dx for _, dx in pairs]


def is_differentiable(case):
    return holds_floats(case) and case.grad


differentiable = cases(is_differentiable)


@differentiable
def test_gradients_are_those_of_finite_differences(case):
    outputs, feeds = fed(case)
    check_gradient(projected(outputs, 1), feeds, 2)


@differentiable
def test_second_derivatives_are_those_of_finite_differences(case):
    outputs, feeds = fed(case)
    dxs = tf.gradients(projected(outputs, 1), floats(feeds))
    slope = projected([tf.convert_to_tensor(dx) for dx in dxs if dx is not None], 3)
    if case.second and slope is not None and any(connected(slope, x) for x in floats(feeds)):
        check_gradient(slope, feeds, 4)


def connected(y, x):
    return tf.gradients(y, x)[0] is not None


@cases(holds_floats, lambda case: case.grad and not case.sized)
def test_gradients_of_unknown_shapes_are_the_same(case):
    outputs, feeds = fed(case)
    dxs = tf.gradients([y for y in outputs if y.dtype == tf.float64], floats(feeds))
    want = interpret([tf.convert_to_tensor(dx) for dx in dxs if dx is not None], feeds)
    tf.reset_default_graph()
    outputs, feeds = fed(case, unknown_sizes)
    dxs = tf.gradients([y for y in outputs if y.dtype == tf.float64], floats(feeds))
    check(interpret([tf.convert_to_tensor(dx) for dx in dxs if dx is not None], feeds), want)


def said_constant(case):
    return REGISTRY[case.op].grad is NOT_DIFFERENTIABLE and case.op != "Placeholder"


@cases(holds_floats, said_constant)
def test_ops_said_not_to_be_differentiable_give_none(case):
    outputs, feeds = fed(case)
    total = projected([tf.cast(y, tf.float64) for y in outputs], 1)
    assert tf.gradients(total, floats(feeds)) == [None] * len(floats(feeds))


# -- the compiled plan ----------------------------------------------------------------------------


def skip_on_gpu(request, op):
    """What runs on the CPU there as well is tested there: each plan's kernels take a while."""
    known = op in REGISTRY  # some are imported only when they are asked for
    if "cuda" in request.node.callspec.id and known and REGISTRY[op].on_host:
        pytest.skip("runs on the CPU, GPU or not")


@pytest.mark.usefixtures("lowering")
@pytest.mark.parametrize("shape", [lambda sizes: sizes, unknown_sizes], ids=["known", "unknown"])
@every_case
def test_compiled_is_interpreted(case, shape, request):
    skip_on_gpu(request, case.op)
    if "cuda" in request.node.callspec.id and (shape is unknown_sizes or is_differentiable(case)):
        pytest.skip("the plan of its gradients computes it, too")
    outputs, feeds = fed(case, shape)
    want = interpret(outputs, feeds)
    with tf.Session() as sess:
        for _ in range(2):
            got = sess.run(outputs, feeds)
            check(got, want)
            for one, other in zip(got, want):
                assert np.asarray(one).dtype == np.asarray(other).dtype


@pytest.mark.usefixtures("lowering")
@differentiable
def test_compiled_gradients_are_interpreted_ones(case, request):
    skip_on_gpu(request, case.op)
    outputs, feeds = fed(case)
    dxs = tf.gradients(projected(outputs, 1), floats(feeds))
    dxs = [tf.convert_to_tensor(dx) for dx in dxs if dx is not None]
    want = interpret([*outputs, *dxs], feeds)
    with tf.Session() as sess:
        for _ in range(2):
            check(sess.run([*outputs, *dxs], feeds), want)


@every_case
def test_plans_for_feeds_of_any_size_are_interpreted_ones(case, monkeypatch):
    monkeypatch.setattr(late, "LARGE", 0)
    outputs, feeds = fed(case)
    if is_differentiable(case):
        dxs = tf.gradients(projected(outputs, 1), floats(feeds))
        outputs += [tf.convert_to_tensor(dx) for dx in dxs if dx is not None]
    want = interpret(outputs, feeds)
    with tf.Session() as sess:
        signature = sess._signature(outputs, feeds)
        arrays = signature.arrays(feeds)
        known = signature._known([(None,) * array.ndim for array in arrays])
        for in_c in (False, True):
            plan = sess.compiled(signature.operations, signature.elements, known, in_c)
            for _ in range(2):
                check(signature.handed(plan(arrays), feeds), want)


def negated(y):
    """A reader of y, so that y itself is a step inside the plan, written into a buffer."""
    if y.dtype == tf.bool:
        return tf.logical_not(y)
    small = y.dtype.is_integer and y.dtype.size < 4
    return tf.bitwise.invert(y) if small else tf.negative(y)


@pytest.mark.parametrize("jit", ["0", "1"], ids=["numpy", "c"])
@every_case
def test_steps_inside_a_plan_are_interpreted_ones(case, jit, monkeypatch):
    monkeypatch.setenv("MINITF_JIT", jit)
    outputs, feeds = fed(case)
    readers = [negated(y) for y in outputs]
    want = interpret(readers, feeds)
    with tf.Session() as sess:
        for _ in range(2):  # the second time the buffers are full of the first one's values
            check(sess.run(readers, feeds), want)


def writes_buffers(case):
    return REGISTRY[case.op].schema.out


def buffered(case, own=False):
    """(the op's value, what its kernel leaves in a buffer): a strange one, or its first input."""
    outputs, feeds = fed(case)
    operation = next(
        y.op for y in reversed(tensors_behind(outputs)) if y.op.type == case.op
    )
    inputs = interpret(list(operation.inputs), feeds)
    want = interpret(operation.outputs, feeds)[0]
    out = inputs[0] = np.array(inputs[0]) if own else inputs[0]
    if not own:
        out = np.full(want.shape, 77).astype(want.dtype)
    schema = operation.definition.schema
    schema.call(operation.definition.kernel, inputs, np, out=out, **operation.attrs)
    return want, out


def tensors_behind(outputs):
    return [y for op in outputs[0].graph.get_operations() for y in op.outputs]


@cases(writes_buffers)
def test_kernels_fill_the_buffer_they_are_given(case):
    want, out = buffered(case)
    np.testing.assert_allclose(out, want, rtol=1e-12)


@cases(writes_buffers, lambda case: REGISTRY[case.op].inplace)
def test_kernels_said_to_work_in_place_do(case):
    want = buffered(case)[0]
    tf.reset_default_graph()
    if np.shape(case.inputs[0]) == want.shape and np.asarray(case.inputs[0]).dtype == want.dtype:
        want, out = buffered(case, own=True)
        np.testing.assert_allclose(out, want, rtol=1e-12)


# -- ops that live on a Session -------------------------------------------------------------------


@pytest.mark.usefixtures("lowering")
@pytest.mark.parametrize("op", sorted(SCENES))
def test_scene(op, request):
    skip_on_gpu(request, op)

    def run(fetches, feeds=None):
        with sessions.as_default():
            late = tf.report_uninitialized_variables()
            names = {name.decode() for name in sessions.run(late)}
            new = [v for v in tf.global_variables() if v.op.name in names]
            sessions.run(tf.variables_initializer(new))
            return sessions.run(fetches, feeds)

    with tf.Session() as sessions:
        for got, expected in SCENES[op](run):
            np.testing.assert_allclose(np.asarray(got), np.asarray(expected), rtol=1e-6)
    assert op in types_in(tf.get_default_graph())


def types_in(graph):
    """The types of the nodes of a graph, and of the functions that it has."""
    found = set()
    for operation in graph.get_operations():
        found.add(operation.type)
        functions = (v for v in operation.attrs.values() if isinstance(v, tf.Graph))
        found.update(*map(types_in, functions))
    return found
