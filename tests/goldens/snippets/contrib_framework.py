"""tf.contrib.framework: arg_scope, variables by name, the global step."""

from goldens.kit import attempt, error, run


def _functions(tf):
    @tf.contrib.framework.add_arg_scope
    def first(x, a=1, b=2):
        return [x, a, b]

    @tf.contrib.framework.add_arg_scope
    def second(x, a=10, c=20):
        return [x, a, c]

    return first, second


def arg_scope(tf, np):
    first, second = _functions(tf)
    arg_scope = tf.contrib.framework.arg_scope
    with arg_scope([first, second], a=5):
        outer = [first(0), second(0), first(0, a=6), second(0, c=7)]
        with arg_scope([first], b=8) as scope:
            inner = [first(0), second(0), first(0, b=9)]
    with arg_scope(scope):
        again = [first(0), second(0)]
    return [outer, inner, again, first(0), second(0)]


def arg_scope_inspected(tf, np):
    first, _ = _functions(tf)
    framework = tf.contrib.framework
    return [
        framework.has_arg_scope(first),
        framework.has_arg_scope(_functions),
        list(framework.arg_scoped_arguments(first)),
        first.__name__,
        framework.current_arg_scope(),
    ]


def arg_scope_refused(tf, np):
    first, _ = _functions(tf)
    arg_scope = tf.contrib.framework.arg_scope
    return [
        attempt(lambda: arg_scope([_functions], a=1).__enter__()),
        attempt(lambda: arg_scope(first, a=1).__enter__()),
        attempt(lambda: arg_scope({}, a=1).__enter__()),
    ]


def _some_variables(tf):
    for scope in ("one", "two", "one/deep"):
        with tf.variable_scope(scope):
            tf.get_variable("weights", [2])
            tf.get_variable("biases", [2], trainable=False)
    tf.contrib.framework.local_variable(3.0, name="mine")
    tf.contrib.framework.global_variable(3.0, name="ours")


def _names(variables):
    return [v.op.name for v in variables]


def variables_found(tf, np):
    _some_variables(tf)
    f = tf.contrib.framework
    with tf.variable_scope("two") as two:
        pass
    return [
        _names(f.get_variables()),
        _names(f.get_variables("one")),
        _names(f.get_variables(two)),
        _names(f.get_variables(suffix="weights")),
        _names(f.get_variables("one", "weights")),
        _names(f.get_variables_by_name("weights")),
        _names(f.get_variables_by_name("weights", "two")),
        _names(f.get_variables_by_suffix("s")),
        _names(f.get_trainable_variables("one")),
        _names(f.get_local_variables()),
        f.get_unique_variable("one/weights").op.name,
        error(lambda: f.get_unique_variable("none")),
        error(lambda: f.get_unique_variable("one")),
        f.get_variable_full_name(f.get_unique_variable("ours")),
    ]


def variables_to_restore(tf, np):
    _some_variables(tf)
    f = tf.contrib.framework
    return [
        _names(f.get_variables_to_restore()),
        _names(f.get_variables_to_restore(include=["one"])),
        _names(f.get_variables_to_restore(exclude=["one"])),
        _names(f.get_variables_to_restore(["one"], ["one/deep"])),
        error(lambda: f.get_variables_to_restore(include="one")),
        error(lambda: f.get_variables_to_restore(exclude="one")),
    ]


def model_variables(tf, np):
    f = tf.contrib.framework
    with f.arg_scope([f.model_variable], initializer=tf.ones_initializer(), collections=["mine"]):
        a = f.model_variable("a", [2])
        b = f.model_variable("b", [2], regularizer=lambda w: tf.reduce_sum(w) * 3.0)
    c = f.variable("c", initializer=tf.constant(1.0), trainable=False)
    f.add_model_variable(c)
    f.add_model_variable(c)
    return [
        _names(f.get_model_variables()),
        _names(tf.get_collection("mine")),
        _names(tf.trainable_variables()),
        run(tf, [a, b, c] + tf.losses.get_regularization_losses()),
    ]


def assigned_from_values(tf, np):
    _some_variables(tf)
    f = tf.contrib.framework
    values = {"one/weights": np.float32([1, 2]), "two/weights": np.float32([[3, 4]])}
    with tf.Session() as sess:
        f.assign_from_values_fn(values)(sess)
        found = sess.run([f.get_unique_variable(name) for name in sorted(values)])
    return [
        found,
        error(lambda: f.assign_from_values({"none": np.ones(2)})),
        error(lambda: f.assign_from_values({"on": np.ones(2)})),
    ]


def global_steps(tf, np):
    f = tf.contrib.framework
    before = f.get_global_step() is None
    step = f.get_or_create_global_step()
    return [
        before,
        step.op.name,
        f.get_global_step() is step,
        f.assert_or_get_global_step() is step,
        f.assert_or_get_global_step(global_step_tensor=step) is step,
        error(lambda: f.assert_or_get_global_step(global_step_tensor=tf.constant(1.0))),
        error(lambda: f.create_global_step()),
    ]


def tensors_and_nests(tf, np):
    f = tf.contrib.framework
    return [
        f.is_tensor(tf.Variable(1.0)),
        f.is_tensor(1.0),
        f.is_tensor(tf.IndexedSlices(tf.constant([1.0]), tf.constant([0]))),
        f.nest.flatten({"b": [1, (2,)], "a": 3}),
        f.nest.is_sequence([1]),
        f.nest.map_structure(lambda x: x * 2, [1, {"a": 2}]),
    ]


def shapes_said(tf, np):
    f = tf.contrib.framework
    x, y = tf.placeholder(tf.float32, [None, 2], name="x"), tf.constant([[1.0, 2.0]], name="y")
    found = [f.with_shape([1, 2], x), f.with_same_shape(y, x), f.with_shape([], tf.constant([3.0]))]
    found += [f.with_shape(tf.shape(y), x), f.with_shape(tf.TensorShape([None, 2]), x)]
    unknown = tf.placeholder(tf.float32, name="unknown")
    found += [f.with_same_shape(unknown, x), f.with_same_shape(x, y)]
    feed = {x: [[5.0, 6.0]], unknown: [[7.0, 8.0]]}
    refused = [
        error(lambda: f.with_shape([1, 3], y)),
        error(lambda: f.with_shape([[1]], y)),
        error(lambda: f.with_shape(tf.constant([1.0]), y)),
        error(lambda: f.with_shape(["a"], y)),
        error(lambda: run(tf, f.with_shape([2, 2], x), feed)),
        error(lambda: run(tf, f.with_same_shape(unknown, x), {x: [[5.0, 6.0]], unknown: [1.0]})),
        error(lambda: run(tf, f.with_shape([1, 2, 1], tf.placeholder(tf.float32)), feed)),
    ]
    names = [[each.name, str(each.shape)] for each in found]
    return [names, run(tf, found, feed), refused, f.with_shape([1, 2], y) is y]


def scalars_and_sums(tf, np):
    f = tf.contrib.framework
    x, y = tf.constant([1.0, 2.0], name="x"), tf.constant([[3.0]], name="y")
    one, two = f.reduce_sum_n([x]), f.reduce_sum_n([x, y], name="n")
    return [
        one.name,
        two.name,
        run(tf, [one, two]),
        error(lambda: f.reduce_sum_n([])),
        f.assert_scalar_int(tf.constant(1, name="i")).name,
        error(lambda: f.assert_scalar_int(tf.constant(1.0))),
        error(lambda: f.assert_scalar_int(tf.constant([1]))),
    ]


def smart_conditions(tf, np):
    f = tf.contrib.framework
    fed = tf.placeholder_with_default(True, [])
    yes, no = (lambda: tf.constant(1)), (lambda: tf.constant(2))
    found = [
        f.smart_cond(True, yes, no),
        f.smart_cond(tf.constant(False), yes, no),
        f.smart_cond(0, yes, no),
        f.smart_cond(fed, yes, no, name="c"),
        f.smart_case([(False, yes), (True, no)]),
        f.smart_case([(False, yes), (fed, no)], default=yes),
    ]
    return [
        run(tf, found),
        found[3].name,
        f.smart_constant_value(1),
        f.smart_constant_value(tf.constant(True)),
        f.smart_constant_value(fed),
        error(lambda: f.smart_cond("a", yes, no)),
        error(lambda: f.smart_cond(True, 1, no)),
    ]


def of_graphs(tf, np):
    f = tf.contrib.framework
    x = tf.placeholder(tf.float32, name="x")
    _some_variables(tf)
    with tf.name_scope("a"), tf.name_scope("b"):
        scope = f.get_name_scope()
    variables = tf.global_variables()
    chooser = f.VariableDeviceChooser(2, "ps", "GPU", 1)
    with tf.Graph().as_default():
        other = tf.constant(1.0)
    return [
        scope,
        [each.name for each in f.get_placeholders(tf.get_default_graph())],
        error(lambda: f.get_placeholders(x)),
        _names(f.filter_variables(variables, ["weights"], ["^two"])),
        _names(f.filter_variables(variables, exclude_patterns=["deep"])),
        _names(f.filter_variables(variables, ["weights", "one"], reg_search=False)),
        [chooser(None), chooser(None), chooser(None), f.VariableDeviceChooser()(None)],
        f.get_graph_from_inputs([x]) is tf.get_default_graph(),
        f.get_graph_from_inputs([other]) is other.graph,
        error(lambda: f.get_graph_from_inputs([x, other])),
        error(lambda: f.get_graph_from_inputs([x], other.graph)),
        [f.prepend_name_scope(name, "s/") for name in ("a/b", "^a", "loc:@a")],
        [f.strip_name_scope(name, "s") for name in ("s/a", "^s/a", "loc:@s/a", "b")],
        [f.prepend_name_scope("a", ""), f.strip_name_scope("a", None)],
    ]


def deprecations(tf, np):
    f = tf.contrib.framework

    @f.deprecated(None, "Use another.")
    def old(x):
        return x + 1

    @f.deprecated_args("2020-01-01", "Use c.", "b", ("d", 0))
    def some(a, b=None, c=2, d=0):
        return [a, b, c, d]

    @f.deprecated_arg_values(None, "Say 1.", a=0)
    def valued(a=0):
        return a

    return [
        old(1),
        some(1, 2),
        some(1, d=0),
        valued(),
        valued(3),
        old.__name__,
        error(lambda: f.deprecated("soon", "Use another.")),
        error(lambda: f.deprecated(None, "")),
        error(lambda: f.deprecated_args(None, "Use c.")),
        error(lambda: f.deprecated_args(None, "Use c.", "z")(some)),
        error(lambda: f.deprecated_arg_values(None, "Use c.")),
    ]


def zeros_at_first(tf, np):
    """A variable may begin so once."""
    of, v = tf.contrib.framework.zero_initializer, tf.get_variable("v", [2, 3], tf.float64)
    begin, again = of(v), of(v, name="named")
    handled = tf.get_variable("r", [2], use_resource=True)
    other = of(handled)
    with tf.Session() as session:
        found = session.run(begin), error(lambda: session.run(again))
        session.run(other.op if hasattr(other, "op") else other)
        more = session.run([v, handled]), error(lambda: session.run(other))
    return [begin.name, again.name, found, more, error(lambda: of(tf.constant(1.0)))]


def experimental_functions(tf, np):
    of = tf.contrib.slim.experimental

    @of
    def told(x, y=2):
        """Says one.

        More of it.
        """
        return x + y

    @of
    def short():
        """One line."""

    return [told(1), told.__name__, told.__doc__, short.__doc__, of(lambda: 3).__doc__,
            error(lambda: of(3))]  # fmt: skip
