"""Types that programs name and seldom make tensors of."""

from goldens.kit import error

_NAMES = ("bfloat16", "qint8", "quint8", "qint16", "quint16", "qint32", "resource", "variant")


def predicates(tf, np):
    asked = ("is_floating", "is_integer", "is_complex", "is_bool", "is_quantized", "is_unsigned",
             "is_numpy_compatible", "size", "as_datatype_enum", "name")  # fmt: skip
    return [[getattr(getattr(tf, name), what) for what in asked] for name in _NAMES]


def lookups(tf, np):
    kinds = [getattr(tf, name) for name in _NAMES]
    return [
        [tf.as_dtype(name) is kind for name, kind in zip(_NAMES, kinds)],
        [tf.as_dtype(kind.as_datatype_enum) is kind for kind in kinds],
        [tf.as_dtype(name + "_ref").base_dtype is kind for name, kind in zip(_NAMES, kinds)],
        [kind == tf.string for kind in kinds],
        tf.as_dtype(np.object_).name,
        error(lambda: tf.resource.min),
    ]
