"""tf.contrib.labeled_tensor: axes by name, ops that bring them together, what is refused."""

from goldens.kit import attempt, error, run


def _table(tf, np, axes=("x", ("rgb", ["r", "g", "b"]), "z")):
    values = np.sin(np.arange(24, dtype=np.float32)).reshape(2, 3, 4)
    return tf.contrib.labeled_tensor.LabeledTensor(tf.constant(values), list(axes))


def _shown(tf, *built):
    """Of labeled tensors the name, the axes and the values."""
    values = run(tf, [each.tensor for each in built])
    return [[each.name, repr(each.axes), value] for each, value in zip(built, values)]


def axes(tf, np):
    lt = tf.contrib.labeled_tensor
    made = [lt.Axis("a", 3), lt.Axis("a", None), lt.Axis("b", ["p", "q"]), lt.Axis("c", range(3)),
            lt.Axis("d", np.array(["m", "n"], object)), lt.Axis("e", tf.Dimension(2)),
            lt.Axis("f", 0),
            lt.as_axis(("g", ("u",)))]  # fmt: skip
    several = lt.Axes(made[2:])
    return [
        repr(made), repr(several), [each.size for each in made],
        [repr(each.value) for each in made], attempt(lambda: len(made[1])), made[2].index("q"),
        attempt(lambda: made[0].index("q")), [a == b for a in made for b in made[:3]],
        repr(several.remove("c")), "c" in several, len(several), several["b"] is made[2],
        lt.as_axis(made[0]) is made[0], hash(several) == hash(lt.Axes(list(several.values()))),
        error(lambda: lt.Axis("a", [1, 1])), error(lambda: lt.Axis("a", "xy")),
        error(lambda: lt.Axis("a", [{}])), error(lambda: lt.Axis(3, 3)),
        error(lambda: lt.Axis("a", 2.0)), error(lambda: lt.Axis("a", np.int64(2))),
        error(lambda: lt.Axis("a", -1)), error(lambda: lt.Axes(tuple(made))),
        error(lambda: lt.Axes(made[:2])), error(lambda: several["none"]),
        error(lambda: several.remove("none")), error(lambda: lt.Axes([("a",)])),
    ]  # fmt: skip


def tensors(tf, np):
    lt = tf.contrib.labeled_tensor
    table, values = _table(tf, np), tf.ones([2, 3])
    open_ended = lt.LabeledTensor(tf.placeholder(tf.float32, [None, 3], name="fed"), ["a", "b"])
    return [
        repr(table), repr(open_ended), table.dtype.name, str(table.shape), str(table.get_shape()),
        table == table, table == lt.LabeledTensor(table.tensor, table.axes),
        table == _table(tf, np), table != table.tensor, hash(table) == hash(table),
        tf.convert_to_tensor(table) is table.tensor, str(tf.add(table, 1.0).shape),
        error(lambda: lt.LabeledTensor(values, ["a"])),
        error(lambda: lt.LabeledTensor(values, ["a", ("b", 4)])),
        error(lambda: lt.LabeledTensor(values, ["a", ("b", "xy")])),
        error(lambda: lt.LabeledTensor(np.ones(3), ["a"])),
        error(lambda: lt.LabeledTensor(values, 3)),
        error(lambda: lt.LabeledTensor(tf.placeholder(tf.float32), ["a"])),
        repr(lt.convert_to_labeled_tensor(3.0)), repr(lt.convert_to_labeled_tensor(np.int64(3))),
        lt.convert_to_labeled_tensor(table, tf.float32).tensor is table.tensor,
        error(lambda: lt.convert_to_labeled_tensor(table, tf.int32)),
        error(lambda: lt.convert_to_labeled_tensor(np.ones(2))),
        error(lambda: lt.convert_to_labeled_tensor([1])),
        error(lambda: lt.convert_to_labeled_tensor(None)),
        run(tf, table[0, 1:, :2].tensor), repr(table[0, 1:, :2]), error(lambda: table[0]),
        error(lambda: table[..., 0]),
    ]  # fmt: skip


def moved(tf, np):
    lt, table = tf.contrib.labeled_tensor, _table(tf, np)
    one = lt.LabeledTensor(tf.ones([1, 2, 1]), ["a", "b", ("c", ["only"])])
    made = [
        lt.identity(table), lt.slice(table, {"rgb": slice(0, 2), "z": 1}), lt.slice(table, {}),
        lt.slice(table, {"rgb": slice(None, None, -1)}, name="named"), lt.transpose(table),
        lt.transpose(table, ["z", "x", "rgb"]), lt.impose_axis_order(table, ["rgb", "q", "x", "z"]),
        lt.expand_dims(table, ["new", "x", "rgb", ("label", "l"), "z"]),
        lt.reshape(table, ["x", "rgb"], ["flat"]), lt.reshape(table, ["z"], [("p", 2), "q"]),
        lt.reshape(table, ["x", "rgb"], [("p", 2), ("q", ["a", "b", "c"])], name="again"),
        lt.rename_axis(table, "rgb", "bgr"), lt.squeeze(one), lt.squeeze(one, ["c"]),
        lt.squeeze(one, []),
    ]  # fmt: skip
    return _shown(tf, *made)


def moves_refused(tf, np):
    lt, table = tf.contrib.labeled_tensor, _table(tf, np)
    return [
        error(lambda: lt.slice(table, {"rgb": "r"})), error(lambda: lt.slice(table, {"none": 0})),
        error(lambda: lt.slice(table, {"x": [0]})), error(lambda: lt.transpose(table, ["x", "z"])),
        error(lambda: lt.transpose(table, ["x", "z", "q"])), error(lambda: lt.transpose(table, 3)),
        error(lambda: lt.impose_axis_order(table)), error(lambda: lt.impose_axis_order(table, [])),
        error(lambda: lt.expand_dims(table, ["rgb", "x", "z"])),
        error(lambda: lt.expand_dims(table, ["x", "z"])),
        error(lambda: lt.reshape(table, ["x", "z"], ["a"])),
        error(lambda: lt.reshape(table, ["x", "q"], ["a"])),
        error(lambda: lt.reshape(table, ["x", "rgb"], ["a", "b"])),
        error(lambda: lt.reshape(table, ["x"], [("a", 3)])),
        error(lambda: lt.reshape(table, ["x"], [3])),
        error(lambda: lt.rename_axis(table, "none", "a")),
        error(lambda: lt.rename_axis(table, "x", "z")), error(lambda: lt.squeeze(table, ["x"])),
        error(lambda: lt.squeeze(table, ["none"])), error(lambda: lt.identity([1, 2])),
        error(lambda: lt.identity(table, 3)), error(lambda: lt.identity(table, name=3)),
    ]  # fmt: skip


def ordered(tf, np):
    lt = tf.contrib.labeled_tensor
    a = lt.LabeledTensor(tf.ones([2, 4]), ["x", "z"])
    b = lt.LabeledTensor(tf.ones([3, 4]), ["y", "z"])
    found = [_shown(tf, a + b, b + a, *lt.align(a, b)[:2]), repr(lt.align(a, b)[2]),
             error(lambda: lt.check_axis_order(a)), lt.check_axis_order(a, ["x", "q", "z",
    ])]  # fmt: skip
    with lt.axis_order_scope(["y", "x", "z"]) as scope:
        found += [scope, _shown(tf, a + b, lt.impose_axis_order(lt.transpose(a)), lt.matmul(a, b))]
        found += [error(lambda: lt.add(a, lt.transpose(b))), lt.check_axis_order(a)]
        with lt.axis_order_scope():
            found += [_shown(tf, a + b, lt.matmul(a, b)), error(lambda: lt.check_axis_order(a))]
        found += [repr((a + b).axes)]
    with lt.axis_order_scope(["x"]):
        found += [error(lambda: lt.add(a, b))]
    other = lt.LabeledTensor(tf.ones([4, 2]), ["z", "x"])
    short = lt.LabeledTensor(tf.ones([3]), ["x"])
    return [*found, error(lambda: a + other), error(lambda: a + short),
            issubclass(lt.AxisOrderError, ValueError), error(lambda: lt.check_axis_order(a, "zx")),
            error(lambda: lt.check_axis_order(a, ["x"])),
            attempt(lambda: lt.axis_order_scope("xy").__enter__())]  # fmt: skip


UNARY = ("abs", "neg", "sign", "reciprocal", "square", "round", "sqrt", "rsqrt", "exp", "log",
         "ceil", "floor", "cos", "sin", "tan", "acos", "asin", "atan", "lgamma", "digamma", "erf",
         "erfc", "tanh", "sigmoid")  # fmt: skip
BINARY = ("add", "sub", "mul", "div", "mod", "pow", "equal", "greater", "greater_equal",
          "not_equal", "less", "less_equal", "maximum", "minimum", "squared_difference", "igamma",
          "igammac", "zeta")  # fmt: skip


def elementwise(tf, np):
    lt = tf.contrib.labeled_tensor
    x = lt.LabeledTensor(tf.constant([[0.2, 0.7, 0.4]]), ["a", ("b", ["p", "q", "r"])])
    y = lt.LabeledTensor(tf.constant([1.2, 2.4]), ["c"])
    made = [getattr(lt, name)(x) for name in UNARY] + [getattr(lt, name)(x, y) for name in BINARY]
    n = lt.LabeledTensor(tf.constant([0.0, 1.0]), ["n"])
    p = lt.LabeledTensor(tf.constant([True, False]), ["p"])
    q = lt.LabeledTensor(tf.constant([True, False]), ["q"])
    made += [lt.polygamma(n, y), lt.logical_not(p), lt.logical_and(p, q), lt.logical_or(p, q),
             lt.logical_xor(p, q), lt.add(x, 1.0), lt.add(1.0, x, name="named"), lt.exp(2.0,
    )]  # fmt: skip
    made += [abs(x), -x, +x, x + y, 1.0 + x, x - y, 1.0 - x, x * y, 2.0 * x, x / y, 1.0 / x,
             x % y, 3.0 % x, x**y, 2.0**x, ~p, p & q, p | q, p ^ q, x < y, x <= y, x > 0.3,
             x >= 0.4]  # fmt: skip
    return [*_shown(tf, *made), [getattr(lt, name).__name__ for name in UNARY + BINARY],
            error(lambda: lt.exp([1.0])), error(lambda: lt.add(x, [1.0])),
            error(lambda: lt.add(x, np.ones(3)))]  # fmt: skip


def defined(tf, np):
    lt, table = tf.contrib.labeled_tensor, _table(tf, np)
    cube = lt.define_unary_op("cube", lambda x, name: tf.identity(x**3, name=name))
    less = lt.define_binary_op("less_by_half", lambda x, y, name: tf.subtract(x, y / 2, name))
    spread = lt.define_reduce_op("spread", lambda x, axes, keepdims: tf.reduce_max(
        x, axes, keepdims) - tf.reduce_min(x, axes, keepdims))  # fmt: skip
    return [*_shown(tf, cube(table), less(table, table), spread(table, "z")), cube.__name__,
            less.__name__, spread.__name__]  # fmt: skip


def nn(tf, np):
    lt = tf.contrib.labeled_tensor
    x = lt.LabeledTensor(tf.constant([[0.2, -0.7, 0.4], [7.0, 0.0, 1.0]]), ["a", "b"])
    labels = lt.LabeledTensor(tf.constant([[0.0, 1.0, 0.0], [0.5, 0.5, 0.0]]), ["a", "b"])
    made = [getattr(lt.nn, name)(x) for name in ("relu", "relu6", "elu", "softplus", "softmax",
                                                 "log_softmax")]  # fmt: skip
    made += [lt.nn.sigmoid_cross_entropy_with_logits(x, labels)]
    return [*_shown(tf, *made), error(lambda: lt.nn.crelu(x)), error(lambda: lt.nn.l2_loss(x)),
            error(lambda: lt.nn.softmax_cross_entropy_with_logits(x, labels)),
            error(lambda: lt.nn.sparse_softmax_cross_entropy_with_logits(x, labels))]  # fmt: skip


REDUCTIONS = ("reduce_logsumexp", "reduce_max", "reduce_mean", "reduce_min", "reduce_prod",
              "reduce_sum")  # fmt: skip


def reduced(tf, np):
    lt, table = tf.contrib.labeled_tensor, _table(tf, np)
    made = [getattr(lt, name)(table, {"rgb"}) for name in REDUCTIONS]
    made += [lt.reduce_sum(table), lt.reduce_sum(table, "x"), lt.reduce_sum(table, ["x", "z"]),
             lt.reduce_sum(table, ("rgb", "all")), lt.reduce_sum(table, [("rgb", None), "z"]),
             lt.reduce_sum(table, []), lt.reduce_all(table > 0.5, "x"),
             lt.reduce_any(table > 0.5, "x", name="named")]  # fmt: skip
    return [*_shown(tf, *made), error(lambda: lt.reduce_sum(table, "none")),
            error(lambda: lt.reduce_sum(table, 1)), error(lambda: lt.reduce_sum(table, [1,
    ]))]  # fmt: skip


def products(tf, np):
    lt = tf.contrib.labeled_tensor
    wave = lambda *sizes: tf.sin(tf.reshape(tf.range(float(np.prod(sizes))), sizes))  # noqa: E731
    a, b = lt.LabeledTensor(wave(2, 3), ["x", "y"]), lt.LabeledTensor(wave(3, 4), ["y", "z"])
    v = lt.LabeledTensor(wave(3), ["y"])
    made = [lt.matmul(a, b), lt.matmul(b, a), lt.matmul(lt.transpose(a), lt.transpose(b)),
            lt.matmul(a, v), lt.matmul(v, b), lt.matmul(v, v), lt.matmul(v, a, name="named",
    )]  # fmt: skip
    with lt.axis_order_scope(["z", "x"]):
        made += [lt.matmul(a, b), lt.matmul(b, a), lt.matmul(a, v)]
    other = lt.LabeledTensor(wave(2), ["y"])
    return [*_shown(tf, *made), error(lambda: lt.matmul(a, a)), error(lambda: lt.matmul(a, other)),
            error(lambda: lt.matmul(_table(tf, np), v)), error(lambda: lt.matmul(3.0, v)),
            error(lambda: lt.matmul(a, lt.rename_axis(v, "y", "q")))]  # fmt: skip


def joined(tf, np):
    lt, table = tf.contrib.labeled_tensor, _table(tf, np)
    red, rest = lt.slice(table, {"rgb": slice(0, 1)}), lt.slice(table, {"rgb": slice(1, 3)})
    made = [lt.concat([rest, red], "rgb"), lt.concat([table, table], "z"), lt.concat([red], "x"),
            lt.pack([table, table], "new"), lt.pack([table, table], ("new", ["a", "b"]), 2),
            *lt.unpack(table), *lt.unpack(table, "rgb", name="named"), lt.tile(table, {"z": 2}),
            lt.tile(table, {}), lt.pad(table, {"z": (1, 0)}),
            lt.pad(table, {"rgb": (["first"], []), "x": (0, ["last"])}),
            lt.pad(table, {"z": (1, 2)}, "REFLECT")]  # fmt: skip
    return [
        *_shown(tf, *made), error(lambda: lt.concat([table, table], "rgb")),
        error(lambda: lt.concat([], "x")), error(lambda: lt.concat([table, red], "x")),
        error(lambda: lt.concat([table], "none")), error(lambda: lt.pack([], "new")),
        error(lambda: lt.pack([table, red], "new")), error(lambda: lt.pack([table], "x")),
        error(lambda: lt.unpack(table, "none")), error(lambda: lt.tile(table, {"rgb": 2})),
        error(lambda: lt.tile(table, {"none": 2})), error(lambda: lt.pad(table, {"z": 1})),
        error(lambda: lt.pad(table, {"none": (1, 1)})),
    ]  # fmt: skip


def picked(tf, np):
    lt, table = tf.contrib.labeled_tensor, _table(tf, np)
    mask = lt.LabeledTensor(tf.constant([True, False, True]), [("rgb", ["r", "g", "b"])])
    by_color = lt.transpose(table, ["rgb", "x", "z"])
    labels = _table(tf, np, ["x", ("rgb", ["r", "g", "b"]), ("z", [10, 20, 30, 40])])
    made = [
        lt.select(table, {"rgb": "g"}), lt.select(table, {"rgb": ["b", "r"]}),
        lt.select(table, {"rgb": slice("g", None)}), lt.select(table, {"rgb": slice("r", "g")}),
        lt.select(labels, {"rgb": "b", "z": slice(20, 30)}), lt.select(table, {}),
        lt.select(labels, {"z": [40, 10]}, name="named"), lt.random_crop(table, {"rgb": 3, "z": 4}),
        lt.boolean_mask(by_color, mask), lt.where(table > 0.0, table, -table),
    ]  # fmt: skip
    crop = lt.random_crop(table, {"rgb": 2}, seed=3)
    return [
        *_shown(tf, *made), crop.name, repr(crop), error(lambda: lt.select(table, {"x": 0})),
        error(lambda: lt.select(table, {"none": 0})), error(lambda: lt.select(table, {"rgb": "w"})),
        error(lambda: lt.select(labels, {"rgb": ["r"], "z": 10})),
        error(lambda: lt.select(labels, {"rgb": ["r"], "z": [10]})),
        error(lambda: lt.select(table, {"rgb": slice("r", "b", 2)})),
        error(lambda: lt.random_crop(table, {"none": 1})),
        error(lambda: lt.boolean_mask(table, mask)), error(lambda: lt.boolean_mask(table, table)),
        error(lambda: lt.where(mask, table, table)),
    ]  # fmt: skip


def filled(tf, np):
    lt, table = tf.contrib.labeled_tensor, _table(tf, np)
    made = [lt.constant(3), lt.constant(3, axes=[("a", 2), ("b", ["p"])]),
            lt.constant([1, 2], axes=["a"]), lt.constant([1, 2], tf.float64, ["a"], name="named"),
            lt.constant(1.0, axes=table.axes), lt.zeros_like(table), lt.ones_like(table, tf.int32),
            lt.cast(table, tf.int64), lt.verify_tensor_all_finite(table, "there")]  # fmt: skip
    fed = lt.placeholder(tf.float32, ["batch", ("rgb", ["r", "g", "b"]), ("z", 2)])
    return [*_shown(tf, *made), repr(fed), error(lambda: lt.constant([1, 2])),
            error(lambda: lt.constant([1, 2], axes=[("a", 3)])),
            error(lambda: lt.placeholder("float32", ["a"])), error(lambda: lt.cast(table, "int32")),
            error(lambda: run(tf, lt.verify_tensor_all_finite(table / 0.0, "there").tensor,
    ))]  # fmt: skip


def functions(tf, np):
    lt, table = tf.contrib.labeled_tensor, _table(tf, np)
    words = lt.LabeledTensor(tf.constant(["a", "b"]), [("w", ["first", "second"])])
    start = lt.slice(lt.zeros_like(table), {"x": 0})
    made = [lt.map_fn(lambda x: lt.reduce_sum(x, "z"), table), lt.map_fn(lt.identity, words),
            lt.map_fn(lambda x: lt.cast(x, tf.int32), table, name="named"),
            lt.foldl(lambda found, x: found * 2.0 + x, table, start)]  # fmt: skip
    return _shown(tf, *made)


def coded(tf, np):
    lt, table = tf.contrib.labeled_tensor, _table(tf, np)
    coder = lt.ReshapeCoder(["x", "rgb"], ["depth"])
    early = error(lambda: coder.decode(table))
    flat = coder.encode(table)
    return [early, *_shown(tf, flat, coder.decode(flat * 2.0)),
            error(lambda: coder.encode(lt.slice(table, {"rgb": slice(0, 2)}))),
            error(lambda: coder.decode(table))]  # fmt: skip


def batches(tf, np):
    lt = tf.contrib.labeled_tensor
    one = lt.LabeledTensor(tf.constant([1.0, 2.0]), [("a", ["p", "q"])])
    many = lt.LabeledTensor(tf.constant([[1.0], [2.0]]), ["batch", "a"])
    made = [*lt.batch([one, one], 3), *lt.batch([one], 2, allow_smaller_final_batch=True),
            *lt.batch([many], 3, enqueue_many=True), *lt.shuffle_batch([one], 2, seed=1),
            *lt.shuffle_batch([many], 2, enqueue_many=True, min_after_dequeue=3, name="named",
    )]  # fmt: skip
    with tf.Session() as session:
        threads = tf.train.Coordinator()
        started = tf.train.start_queue_runners(session, threads)
        values = session.run([made[0].tensor, made[1].tensor])
        threads.request_stop()
        threads.join(started)
    return [[repr(each) for each in made], values,
            error(lambda: lt.batch([one], 3, enqueue_many=True)), error(lambda: lt.batch(one, 3,
    ))]  # fmt: skip


def parsed(tf, np):
    lt = tf.contrib.labeled_tensor
    floats = lambda *values: tf.train.Feature(float_list=tf.train.FloatList(value=values))  # noqa: E731
    texts = [tf.train.Example(features=tf.train.Features(feature=each)).SerializeToString()
             for each in ({"a": floats(1, 2, 3), "b": floats(4)}, {"a": floats(5, 6, 7,
    )})]  # fmt: skip
    features = {"a": lt.FixedLenFeature([("rgb", ["r", "g", "b"])], tf.float32),
                "b": lt.FixedLenFeature([], tf.float32, default_value=9.0)}  # fmt: skip
    batch = lt.LabeledTensor(tf.constant(texts), ["batch"])
    found = lt.parse_example(batch, features)
    single = lt.parse_single_example(tf.constant(texts[0]), features)
    unknown = {"a": lt.FixedLenFeature([("rgb", None)], tf.float32)}
    fields = features["a"].axes, features["a"].dtype.name, features["b"].default_value
    return [*_shown(tf, *(each[key] for each in (found, single) for key in "ab")), repr(fields),
            error(lambda: lt.parse_example(batch, unknown)),
            error(lambda: lt.parse_example(batch, {"a": 3}))]  # fmt: skip
