"""tf.contrib.eager: functions that are called after each operation, and infinity and NaN."""

import contextlib
import io

from goldens.kit import eagerly, error


def called(tf, np):
    tfe, seen, order = tf.contrib.eager, [], []

    def look(op_type, inputs, attrs, outputs, op_name):
        values = [y.numpy().tolist() for y in outputs]
        seen.append([op_type, [str(x.shape) for x in inputs], type(attrs).__name__, values])
        if "named" in (op_name or ""):
            seen.append(op_name)

    with eagerly(tf):
        x = tf.constant([1.0, 2.0])
        tfe.add_execution_callback(look)
        y = tf.multiply(x, 2.0, name="named")
        tfe.add_execution_callback(lambda op_type, *rest: order.append((op_type, len(seen))))
        tf.matmul([[1.0]], [y], transpose_a=True)
        tf.split(x, 2)
        tf.constant(3.0)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.sin(x) * x
        tape.gradient(y, x)
        with tf.Graph().as_default():
            tf.sin(tf.constant(1.0))
        tfe.clear_execution_callbacks()
        tf.exp(x)
        tfe.add_execution_callback(lambda *args: 1 / 0)
        found = error(lambda: tf.exp(x))
        tfe.clear_execution_callbacks()
        types = sorted({each[0] for each in order})
        return seen[:5], order[:2], types, found, error(lambda: tf.exp(x))


def looked_for(tf, np):
    tfe, zero = tf.contrib.eager, np.float32(0)
    attempts = (lambda: tf.log(zero), lambda: tf.log([-1.0, 2.0]), lambda: tf.exp(1.0),
                lambda: tf.identity(3),
                lambda: tf.strings.join(["a", "b"]))  # fmt: skip
    found = []
    with eagerly(tf), np.errstate(all="ignore"):
        for callback in (tfe.inf_nan_callback, tfe.inf_callback, tfe.nan_callback):
            tfe.add_execution_callback(callback)
            found.append([error(each) for each in attempts])
            tfe.clear_execution_callbacks()
        try:
            with tfe.errstate(inf_or_nan="raise"):
                tf.log([0.0, -1.0, 0.0, 1.0], name="named")
        except Exception as raised:
            found.append([str(raised).replace("b'Log'", "Log"), raised.op_name, raised.output_index,
                          raised.num_outputs, raised.value])  # fmt: skip
        tfe.seterr(inf_or_nan="ignore")
        nan = tf.constant([np.nan])
        found += [error(lambda: tfe.inf_nan_callback("T", [], (), [nan], None, action="ignore")),
                  error(lambda: tfe.inf_nan_callback("T", [], (), [nan], None, action="none")),
                  error(lambda: tfe.inf_nan_callback("T", [], (), [nan], None, check_nan=False)),
                  error(lambda: tfe.nan_callback("T", [], (), [nan], "name", "warn"))]  # fmt: skip
    return found


def errors_set(tf, np):
    tfe, printed = tf.contrib.eager, io.StringIO()
    kinds = tfe.ExecutionCallback
    value = lambda old: {key: each.value for key, each in old.items()}  # noqa: E731
    with eagerly(tf), np.errstate(all="ignore"), contextlib.redirect_stdout(printed):
        found = [value(tfe.seterr(inf_or_nan=kinds.RAISE)), value(tfe.seterr()),
                 error(lambda: tf.log(0.0)), value(tfe.seterr(inf_or_nan="print"))]  # fmt: skip
        found += [error(lambda: tf.log([0.0], name="named")), value(tfe.seterr(inf_or_nan="warn"))]
        with tfe.errstate(inf_or_nan=kinds.RAISE):
            found += [error(lambda: tf.log(0.0)), value(tfe.seterr())]
        found += [value(tfe.seterr(inf_or_nan="ignore")), error(lambda: tf.log(0.0)),
                  value(tfe.seterr()), error(lambda: tfe.seterr(inf_or_nan="none"))]  # fmt: skip
        tfe.add_execution_callback(tfe.inf_nan_callback)
        found.append(value(tfe.seterr(inf_or_nan="ignore")))
    with tfe.errstate(inf_or_nan="raise"):
        found.append(tf.log(tf.constant(0.0)).name)
    text = printed.getvalue().replace("b'Log'", "Log")
    return [*found, text, sorted(each.name for each in kinds)]


def cleared_by_a_callback(tf, np):
    tfe, seen = tf.contrib.eager, []

    def once(*given):
        seen.append(1)
        tfe.clear_execution_callbacks()

    with eagerly(tf):
        tfe.add_execution_callback(once)
        tf.exp(1.0)
        tf.exp(1.0)
        tfe.add_execution_callback(once)
        tf.exp(1.0)
        tf.exp(1.0)
    return len(seen)
