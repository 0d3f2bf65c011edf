"""Floats as whole numbers of few bits, and back."""

from goldens.kit import accepted, error, run, shapes

_TYPES = ("quint8", "qint8", "qint16", "quint16")


def there(tf, np):
    x = tf.constant([-1.5, -0.2, 0.0, 0.3, 1.7, 2.5])
    quantize = tf.quantization.quantize
    found = [list(quantize(x, -1.0, 2.0, getattr(tf, name), mode=mode))
             for name in _TYPES for mode in ("MIN_COMBINED", "MIN_FIRST", "SCALED")]  # fmt: skip
    found += [list(quantize(x, 0.5, 2.0, tf.quint8)), list(quantize(x, 0.0, 0.001, tf.qint8)),
              list(quantize([1.0, 1.505, 1.495], -1.0, 2.0, tf.quint8, "SCALED", "HALF_TO_EVEN")),
              list(quantize(x, -1.0, 2.0, tf.qint32, mode="MIN_FIRST"))]  # fmt: skip
    one = tf.quantize_v2(x, -1.0, 2.0, tf.quint8)
    return [
        run(tf, found), shapes(*one), list(one._fields), one.output.dtype.name,
        error(lambda: quantize(x, -1.0, 2.0, tf.float32)),
        accepted(tf, lambda: quantize(x, 1.0, -2.0, tf.quint8)[1]),
        accepted(tf, lambda: quantize(x, -1.0, 2.0, tf.quint8, round_mode="HALF_TO_EVEN")[1]),
        error(lambda: quantize(x, -1.0, 2.0, tf.quint8, mode="OTHER")),
        error(lambda: quantize(x, [-1.0], 2.0, tf.quint8)),
        error(lambda: quantize(tf.constant([1]), -1.0, 2.0, tf.quint8)),
    ]  # fmt: skip


def and_back(tf, np):
    x = tf.constant([-1.5, -0.2, 0.0, 0.3, 1.7, 2.5])
    found = []
    for name in _TYPES:
        for mode in ("MIN_COMBINED", "MIN_FIRST", "SCALED"):
            q = tf.quantize(x, -1.0, 2.0, getattr(tf, name), mode)
            found.append(tf.dequantize(q.output, q.output_min, q.output_max, mode))
    q = tf.quantize(x, -1.0, 2.0, tf.quint8)
    joined = tf.quantized_concat(0, [q.output, q.output], [q.output_min, -2.0],
                                 [q.output_max, 2.0])  # fmt: skip
    alike = tf.quantized_concat(0, [q.output, q.output], [-1.0, -1.0], [2.0, 2.0])
    return [
        run(tf, found), shapes(found[0]), found[0].dtype.name,
        run(tf, list(joined)), run(tf, list(alike)), joined.output.dtype.name,
        run(tf, [tf.bitcast(q.output, tf.uint8), tf.cast(q.output, tf.int32)]),
        error(lambda: tf.dequantize(tf.constant([1]), -1.0, 1.0)),
        error(lambda: tf.dequantize(q.output, [-1.0], 1.0)),
    ]  # fmt: skip


def types(tf, np):
    names = ("qint8", "quint8", "qint16", "quint16", "qint32")
    kinds = [getattr(tf, name) for name in names]
    return [
        [kind.is_integer for kind in kinds], [kind.is_quantized for kind in kinds],
        [kind.is_unsigned for kind in kinds], [error(lambda k=kind: k.max) for kind in kinds],
        [tf.as_dtype(name) is kind for name, kind in zip(names, kinds)],
        tf.as_dtype(np.uint8).name, [kind.size for kind in kinds],
    ]  # fmt: skip
