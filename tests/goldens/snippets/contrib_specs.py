"""tf.contrib.specs: networks of specifications, what composes them, and what they are made of."""

import operator
import types

from goldens.kit import attempt, error, names, run, said

NETWORK = "net = Cr(4, [3, 3]) | Mp([2, 2]) | Flat | Fs(3)"


def composed(tf, np):
    of = tf.contrib.specs
    two, three = of.Fun(lambda x, by=2: x * by), of.Fun(lambda x, more: x + more)(3)
    made = [two, two | three, three | two, two**3, two**0, two + three, two * three,
            two(by=5) | three, of.Callable(lambda x: -x), of.Operator(operator.sub, two, three),
            of.Composition(two, three), of.Idx(), three(_0=7),
            of.Fun(lambda x, a, b: (x, a, b))(1, 2),
            of.Fun(lambda x, a, b: (x, a, b))(1)(2), of.External("math", "sqrt"),
            of.Import("f = lambda x: x + 1"), of.Conc(0, of.Idx(), of.Id)]  # fmt: skip
    return [[attempt(lambda f=f: f.funcall(4)) for f in made[:-1]],
            run(tf, made[-1].funcall(tf.ones([2, 1]))), error(lambda: of.Fun(3)),
            error(lambda: of.External("math", "none")), error(lambda: of.Import("g = 3")),
            error(lambda: of.External("none_of_this_name", "f")), of.Fun is of.Function,
            of.get_positional([1, None], {"_1": 5, "_3": 7, "a": 2}),
            of.get_positional([1, 2], {"_1": 5}, True), of.get_positional([1, 2], {"_1": 5}),
            of.get_positional((1,), {"a": 2})]  # fmt: skip


def networks(tf, np):
    of = tf.contrib.specs
    of.Shared.shared_number = 1
    x = tf.constant(np.sin(np.arange(2 * 8 * 8 * 3, dtype=np.float32)).reshape(2, 8, 8, 3))
    specs = [
        NETWORK, "net = Cx(2, 3) | Cl(2, 1) | Ct(2, 1) | Cs(2, 1) | Cm(2, 1)", "net = Flat | Fx(2)",
        "net = Flat | Fl(2) | Ft(2) | Fr(2) | Fm(2)", "net = Ap([2, 2]) | Lrn | Unit(_0=3)",
        "net = Dws(2) | Dwm(3)", "net = Reshape([2, 64, 3]) | Transpose([2, 0, 1]) | Expand(0)",
        "net = Relu | Sig | Tanh | Smax | Id", "net = Expand(0) | Squeeze", "net = Bn",
        "a = Cl(2, 1); net = Conc(3, a, Idx(), a) | Do(0.9, is_training=False)",
        "net = Flat | Shared(Fr(192)) ** 2", "net = Var('v', [3]) * Idx()",
    ]  # fmt: skip
    found = [of.create_net(each, x) for each in specs]
    return [[y.name for y in found], [str(y.shape) for y in found],
            [v.name for v in tf.trainable_variables()], len(names(tf))]  # fmt: skip


def values(tf, np):
    x = tf.constant(np.sin(np.arange(2 * 6 * 6, dtype=np.float32)).reshape(2, 6, 6, 1))
    spec = "net = Ap([2, 2]) | Lrn | Flat | Fr(4, weights_initializer=start) | Smax"
    start = tf.constant_initializer(np.cos(np.arange(36, dtype=np.float32)))
    net = tf.contrib.specs.create_net(spec, x, {"start": start})
    return run(tf, net)


def evaluated(tf, np):
    of = tf.contrib.specs
    given = {"n": 3}
    found = of.eval_spec("left = Fr(n); right = Fs(2)", given)
    drawn = of.eval_params("a = Ui(3, 3); b = Lf(2, 2); c = Li(4, 4); d = Uf(1.0, 1.0); e = n + 1\n"
                           "f = Nt(5, 0); g = sqrt(4) + pi", given)  # fmt: skip
    limits = [of.Uf(), of.Ui(1, 3), of.Lf(1, 10), of.Li(1, 3), of.Nt(0, 100, 0.01)]
    return [sorted(found), [round(drawn[key], 6) for key in "abcdefg"], given,
            [0 <= limits[0] <= 1, limits[1] in (1, 2, 3), 1 <= limits[2] <= 10,
             limits[3] in (1, 2, 3), -1 <= limits[4] <= 1],
            said(lambda: of.create_net_fun("other = Fr(3)"), "spec failed to create 'net'"),
            said(lambda: of.eval_spec("import os"), "keyword 'import' found"),
            said(lambda: of.eval_params("while True: pass"), "keyword 'while'"),
            said(lambda: of.check_keywords("def f(): pass"), "keyword 'def'"),
            of.check_keywords("a = 'import' + \"while\"; important = 3"),
            error(lambda: of.create_net("net = None_of_this", tf.ones([1]))),
            error(lambda: of.Shared(of.Idx(), name="n")),
            error(lambda: of.Shared(of.Idx(), scope="n")),
            error(lambda: of.Idx() ** -1)]  # fmt: skip


def imported(tf, np):
    """The names that `with` a LocalImport are global."""
    of = tf.contrib.specs
    module = types.ModuleType("module")
    module.of, module.x = of, tf.ones([2, 3])
    exec("with of.LocalImport({'Fr': of.Fr, 'x': None}): seen = x\n", vars(module))
    exec("with of.LocalImport(of): net = Fl(4).funcall(tf.ones([1, 2]))",
         vars(module).update(tf=tf) or vars(module))  # fmt: skip
    return [module.seen, str(module.net.shape), hasattr(module, "Fr"), str(module.x.shape)]


def structures(tf, np):
    of = tf.contrib.specs
    x = tf.placeholder(tf.float32, [None, 8, 8, 3])
    net = of.create_net(NETWORK, x)
    lines = []
    of.tf_print(net, printer=lines.append)
    of.tf_print(net.op, depth=2, printer=lines.append)
    of.tf_parameter_summary(net, printer=lines.append)
    of.tf_parameter_summary(net, printer=lines.append, combine=False)
    twice = net + net
    of.tf_print(twice, printer=lines.append)
    left, others = of.tf_left_split(net.op)
    of.Shared.shared_number = 1
    shared = of.create_net("f = Shared(Fl(64)); net = Flat | Fl(64) | f | f", x)
    return [of.tf_structure(net), of.tf_structure(net, True), of.tf_structure(twice.op, True),
            lines, of.tf_num_params(net), of.tf_num_params(twice), of.tf_num_params(shared),
            left.name, [each.name for each in others], of.tf_left_split(x.op),
            [[name, total, str(shape)] for name, total, shape in of.tf_parameter_iter(net)],
            of.tf_spec_structure(NETWORK, input_shape=[4, 8, 8, 3]),
            of.tf_spec_structure("net = Fr(8) | Fs(3)", tf.ones([2, 4]))]  # fmt: skip
