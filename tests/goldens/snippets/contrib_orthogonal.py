"""tf.contrib.framework.convolutional_orthogonal_*: with the numbers that seeds draw."""

from goldens.kit import error, run


def kernels(tf, np):
    kinds = tf.contrib.framework
    return run(tf, [
        kinds.convolutional_delta_orthogonal(2.0, seed=1)([3, 2, 3]),
        kinds.convolutional_delta_orthogonal(seed=2, dtype=tf.float64)([2, 3, 2, 2]),
        kinds.convolutional_delta_orthogonal(seed=2)([2, 2, 3, 1, 2]),
        kinds.convolutional_orthogonal_1d(seed=3)([3, 2, 3]),
        kinds.convolutional_orthogonal_1d(0.5, seed=3)([1, 2, 2]),
        kinds.convolutional_orthogonal_2d(seed=4)([2, 2, 2, 3]),
        kinds.convolutional_orthogonal_2d(seed=4)([3, 3, 2, 2]),
        kinds.convolutional_orthogonal_3d(seed=5)([2, 2, 2, 1, 2]),
    ])  # fmt: skip


def refused(tf, np):
    kinds = tf.contrib.framework
    two, delta = kinds.convolutional_orthogonal_2d(), kinds.convolutional_delta_orthogonal()
    return [delta.get_config(), two.get_config(), error(lambda: two([3, 2, 2])),
            error(lambda: two([3, 2, 2, 2])), error(lambda: two([3, 3, 3, 2])),
            error(lambda: delta([2, 2])), error(lambda: delta([2, 3, 2])),
            error(lambda: kinds.convolutional_orthogonal_1d(dtype=tf.int32))]  # fmt: skip


def bounded_specs(tf, np):
    made, plain = tf.contrib.framework.BoundedTensorSpec, tf.contrib.framework.TensorSpec
    one, other = made([2, 3], tf.float32, 0, [1, 2, 3], "x"), made((2, 3), tf.float32, 0, [1, 2, 4])
    of_type = made.from_spec(plain([1], tf.int8))
    return [str(one.shape), one.minimum, one.maximum, one.name, one == one, one == other,
            made([1], tf.int32, 0, 5) == made([1], tf.int32, 0, 5), repr(one), of_type.minimum,
            of_type.maximum, one.is_compatible_with(tf.zeros([2, 3])),
            error(lambda: made([2], tf.int32, None, 1)),
            error(lambda: made([2], tf.int32, 0, [1] * 3)),
            one.maximum.flags.writeable]  # fmt: skip
