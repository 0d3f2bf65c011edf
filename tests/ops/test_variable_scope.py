"""tf.get_variable and tf.variable_scope (their node names: goldens/snippets/names_scopes.py)."""

import numpy as np
import pytest

import minitf as tf


@pytest.fixture(autouse=True)
def _fresh_graph():
    tf.reset_default_graph()


def get(name="w", shape=(2,), **options):
    return tf.get_variable(name, list(shape), **options)


# -- reuse ----------------------------------------------------------------------------------------


def test_a_variable_is_found_again():
    with tf.variable_scope("a"):
        made = get()
    with tf.variable_scope("a", reuse=True):
        assert get() is made
    with tf.variable_scope("a") as scope:
        scope.reuse_variables()
        assert scope.reuse is True and get() is made
    with tf.variable_scope("a", reuse=tf.AUTO_REUSE):
        assert get() is made
        assert get("other").name == "a/other:0"
    assert tf.trainable_variables() == [made, tf.trainable_variables()[1]]


def test_reuse_is_inherited():
    with tf.variable_scope("a"), tf.variable_scope("b"):
        made = get()
    with tf.variable_scope("a", reuse=True), tf.variable_scope("b", reuse=False) as scope:
        assert scope.reuse is True and get() is made


def test_a_scope_returned_to():
    with tf.variable_scope("a") as a:
        made = get()
        node = tf.constant(1.0, name="c")
    with tf.variable_scope("x"), tf.variable_scope(a, reuse=True):
        assert get() is made
        assert tf.constant(1.0, name="c").name == "x/a/c:0"
    with tf.variable_scope(a, auxiliary_name_scope=False):
        with tf.name_scope(a.original_name_scope):
            assert tf.constant(1.0, name="c").name == "a/c_1:0"
        assert tf.get_variable("v", []).name == "a/v:0"
    assert node.name == "a/c:0"
    assert (a.name, a.original_name_scope) == ("a", "a/")


def test_default_names_are_made_unique():
    names = []
    for _ in range(3):
        with tf.variable_scope(None, "layer") as scope:
            names.append((scope.name, get().name))
    assert names == [("layer", "layer/w:0"), ("layer_1", "layer_1/w:0"), ("layer_2", "layer_2/w:0")]
    with tf.variable_scope("given", "layer") as scope:
        assert scope.name == "given"


def test_name_scopes_do_not_name_variables():
    with tf.name_scope("n"):
        w = get()
        v = tf.Variable(1.0, name="v")
    assert (w.name, v.name) == ("w:0", "n/v:0")


def test_each_graph_has_its_own():
    with tf.variable_scope("outer"):
        with tf.Graph().as_default() as graph:
            assert tf.get_variable_scope().name == ""
            w = get()
        assert get() is not w
    assert (w.name, w.graph) == ("w:0", graph)


def test_the_state_is_restored_when_the_body_raises():
    with pytest.raises(RuntimeError, match="inside"), tf.variable_scope("a"):
        raise RuntimeError("inside")
    assert tf.get_variable_scope().name == ""
    assert tf.constant(1.0, name="c").name == "c:0"


def test_a_scope_of_values_is_that_of_their_graph():
    graph = tf.Graph()
    with graph.as_default():
        x = tf.constant(1.0)
    with tf.variable_scope(None, "a", [x]):
        assert get().graph is graph


# -- defaults -------------------------------------------------------------------------------------


def test_defaults_of_a_scope_are_inherited_and_overridden():
    with tf.variable_scope("a", initializer=tf.constant_initializer(3.0), dtype=tf.float64):
        w = get()
        with tf.variable_scope("b") as inner:
            v = get()
            inner.set_initializer(tf.constant_initializer(5.0))
            u = get("u", dtype=tf.float32)
        x = get("x", initializer=tf.zeros_initializer())
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        assert [value[0] for value in sess.run([w, v, u, x])] == [3.0, 3.0, 5.0, 0.0]
    types = [var.dtype.base_dtype for var in (w, v, u, x)]
    assert types == [tf.float64, tf.float64, tf.float32, tf.float64]


def test_setters_and_properties():
    scope = tf.get_variable_scope()
    scope.set_regularizer(tf.no_regularizer)
    scope.set_caching_device("/cpu:0")
    scope.set_dtype(tf.float64)
    scope.set_use_resource(True)
    scope.set_partitioner(None)
    scope.set_custom_getter(None)
    assert scope.regularizer is tf.no_regularizer
    assert (scope.caching_device, scope.dtype, scope.use_resource) == ("/cpu:0", tf.float64, True)
    assert get().value().device == "/device:CPU:0"
    assert tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES) == []


def test_collections_of_a_scope():
    with tf.variable_scope("a") as a:
        w, local = get(), tf.get_local_variable("l", [1])
        fixed = get("fixed", trainable=False)
    get()
    assert a.trainable_variables() == [w]
    assert a.global_variables() == [w, fixed]
    assert a.local_variables() == tf.local_variables() == [local]


def test_regularizers_collect_losses():
    double = lambda w: tf.reduce_sum(w) * 2.0  # noqa: E731
    with tf.variable_scope("a", regularizer=double):
        get(initializer=tf.ones_initializer())
        get("free", regularizer=tf.no_regularizer)
    with tf.variable_scope("a", regularizer=double, reuse=True):
        get()
    (loss,) = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
    assert loss.name == "a/w/Regularizer/mul:0"
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        assert sess.run(loss) == 4.0


def test_default_initializers():
    w, n, b, s = (
        get(name, [3], dtype=dtype)
        for name, dtype in (("w", None), ("n", tf.int32), ("b", tf.bool), ("s", tf.string))
    )
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        w, n, b, s = sess.run([w, n, b, s])
    assert np.abs(w).max() <= 1.0 and len(set(w.tolist())) == 3
    assert (n.tolist(), b.tolist(), s.tolist()) == ([0] * 3, [False] * 3, [b""] * 3)


def test_what_an_initializer_may_be():
    made = [
        tf.get_variable("value", initializer=3.0),
        tf.get_variable("array", initializer=np.float32([1, 2])),
        tf.get_variable("tensor", initializer=tf.ones([2])),
        tf.get_variable("nullary", initializer=lambda: tf.ones([3])),
        tf.get_variable("class", [1], initializer=tf.ones_initializer),
        tf.get_variable("function", [2], initializer=lambda shape, dtype, partition_info:
                        tf.fill(shape, tf.cast(7, dtype))),
    ]  # fmt: skip
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        values = [np.ravel(value).tolist() for value in sess.run(made)]
    assert values == [[3.0], [1, 2], [1, 1], [1, 1, 1], [1], [7, 7]]


def test_initial_values_do_not_wait():
    never = tf.placeholder(tf.float32, [])
    with tf.control_dependencies([never]):
        w = get()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        assert sess.run(w).shape == (2,)


# -- custom getters -------------------------------------------------------------------------------


def test_custom_getters_nest():
    called = []

    def naming(mark):
        def getter(getter, name, *args, **kwargs):
            called.append((mark, name, kwargs["shape"], kwargs["trainable"]))
            return getter(f"{name}_{mark}", *args, **kwargs)

        return getter

    with tf.variable_scope("a", custom_getter=naming("x")):
        with tf.variable_scope("b", custom_getter=naming("y")):
            inner = get()
        outer = get()
    assert (inner.name, outer.name) == ("a/b/w_y_x:0", "a/w_x:0")
    assert called == [
        ("y", "a/b/w", [2], True),
        ("x", "a/b/w_y", [2], True),
        ("x", "a/w", [2], True),
    ]


def test_a_custom_getter_may_return_something_else():
    def scaled(getter, name, *args, **kwargs):
        return getter(name, *args, **kwargs) * 2.0

    w = get(initializer=tf.ones_initializer(), custom_getter=scaled)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        assert sess.run(w).tolist() == [2.0, 2.0]
    with pytest.raises(ValueError, match="custom_getter which is not callable: 3"):
        get("v", custom_getter=3)


def test_a_constraint_reaches_getters_that_take_it():
    seen = []

    def without(getter, name, shape, dtype, initializer, regularizer, reuse, trainable,
                collections, caching_device, partitioner, validate_shape, use_resource,
                synchronization, aggregation):  # fmt: skip
        seen.append("without")
        return getter(name, shape)

    def with_it(getter, name, constraint=None, **options):
        seen.append(constraint)
        return getter(name, constraint=constraint, **options)

    assert get("a", constraint=tf.abs, custom_getter=without).constraint is None
    assert get("b", constraint=tf.abs, custom_getter=with_it).constraint is tf.abs
    assert seen == ["without", tf.abs]


# -- what is refused ------------------------------------------------------------------------------


def test_there_already():
    with tf.variable_scope("a"):
        get()
        with pytest.raises(ValueError) as raised:
            get()
    first, _, rest = str(raised.value).partition("\n\n")
    assert first == (
        "Variable a/w already exists, disallowed. Did you mean to set reuse=True or "
        "reuse=tf.AUTO_REUSE in VarScope? Originally defined at:"
    )
    assert "test_variable_scope.py" in rest and "tf.get_variable(name" in rest


def test_not_there():
    with tf.variable_scope("a", reuse=True), pytest.raises(ValueError) as raised:
        get()
    assert str(raised.value) == (
        "Variable a/w does not exist, or was not created with tf.get_variable(). Did you mean to "
        "set reuse=tf.AUTO_REUSE in VarScope?"
    )
    tf.Variable(1.0, name="b/w")
    with tf.variable_scope("b", reuse=True), pytest.raises(ValueError, match="does not exist"):
        get()


def test_found_with_another_shape_or_type():
    get()
    with tf.variable_scope("", reuse=True):
        with pytest.raises(ValueError) as raised:
            get(shape=[3])
        with pytest.raises(ValueError, match="specified dtype int32 and found dtype float32_ref"):
            tf.get_variable("w", dtype=tf.int32)
    assert str(raised.value) == (
        "Trying to share variable w, but specified shape (3,) and found shape (2,)."
    )


@pytest.mark.parametrize(
    "make, kind, said",
    [
        (lambda: tf.get_variable("w"), ValueError, "`shape` should be fully defined"),
        (lambda: tf.get_variable("w", [None, 2]), ValueError, "has the shape .*, 2"),
        (
            lambda: tf.get_variable("w", [2], initializer=tf.zeros([2])),
            ValueError,
            "If initializer is a constant, do not specify shape.",
        ),
        (
            lambda: tf.get_variable("w", dtype=tf.float64, initializer=1.0),
            ValueError,
            "Initializer type '<dtype: 'float32'>' and explicit dtype '<dtype: 'float64'>' don't",
        ),
        (
            lambda: get(dtype=tf.complex64),
            ValueError,
            "An initializer for variable w of <dtype: 'complex64'> is required",
        ),
        (lambda: get(""), ValueError, "'' is not a valid variable name"),
        (lambda: get(partitioner=3), ValueError, "Partitioner must be callable"),
        (lambda: tf.variable_scope(None), TypeError, "name_or_scope is required"),
        (
            lambda: tf.variable_scope(3).__enter__(),
            TypeError,
            "VariableScope: name_or_scope must be a string or VariableScope.",
        ),
        (lambda: tf.variable_scope("a", reuse=3), ValueError, "must be True or False or None"),
        (
            lambda: tf.variable_scope(None, "a", reuse=True).__enter__(),
            ValueError,
            "reuse=True cannot be used without a name_or_scope",
        ),
        (
            lambda: tf.variable_scope("a", auxiliary_name_scope=3),
            TypeError,
            "auxiliary_name_scope must be `True` or `False`",
        ),
    ],
)
def test_refused(make, kind, said):
    with pytest.raises(kind, match=said):
        make()


def test_a_partitioner_that_does_not_cut():
    assert get(partitioner=lambda shape, dtype: [1])._get_variable_list()[0].name == "w/part_0:0"
    assert tf.get_variable("scalar", [], partitioner=lambda **_: [2]).name == "scalar:0"


def test_older_spelling():
    with tf.variable_op_scope([], None, "layer") as scope:
        assert scope.name == "layer"
