"""TensorShape and Dimension as values."""

from goldens.kit import error, inside, said


def made_from(tf, np):
    shape = tf.TensorShape
    return [
        str(shape(x))
        for x in (
            None,
            [],
            (2, None),
            [tf.Dimension(2), 3],
            4,
            shape([1]),
            np.array([2, 3]),
            [np.int64(2)],
            tf.Dimension(5),
        )
    ]


def made_from_floats(tf, np):
    """Halves of sizes, which Python 3 makes floats."""
    cell = tf.nn.rnn_cell.GRUCell(6 / 2)
    _, state = tf.nn.bidirectional_dynamic_rnn(cell, cell, tf.zeros([2, 4, 3]), dtype=tf.float32)
    return [
        str(tf.TensorShape(10.0)),
        error(lambda: tf.TensorShape(2.5)),
        str(tf.placeholder(tf.float32, np.float64(4)).shape),
        str(tf.TensorShape([2]).concatenate(3.0)),
        [str(s.shape) for s in tf.nn.rnn_cell.LSTMCell(4 / 2).zero_state(3, tf.float32)],
        [str(s.shape) for s in state],
    ]


def made_from_bad(tf, np):
    return [
        error(lambda: tf.TensorShape([-1])),
        error(lambda: tf.TensorShape([2.5])),
        error(lambda: tf.Dimension(-1)),
        error(lambda: tf.TensorShape([[1]])),
    ]


def rank_and_dims(tf, np):
    known, free = tf.TensorShape([2, None]), tf.TensorShape(None)
    return [
        known.ndims,
        known.rank,
        len(known),
        str(known.dims),
        free.ndims,
        str(free.dims),
        said(lambda: len(free), "unknown rank"),
    ]


def as_list(tf, np):
    return [
        tf.TensorShape([2, None]).as_list(),
        tf.TensorShape([]).as_list(),
        said(lambda: tf.TensorShape(None).as_list(), "as_list() is not defined on an unknown"),
    ]


def truth(tf, np):
    return [bool(tf.TensorShape(None)), bool(tf.TensorShape([])), bool(tf.TensorShape([1]))]


def num_elements(tf, np):
    shape = tf.TensorShape
    return [shape(x).num_elements() for x in ([2, 3], [], [None, 3], None)]


def fully_defined(tf, np):
    return [tf.TensorShape(x).is_fully_defined() for x in ([2, 3], [], [None, 3], None)]


def assert_fully_defined(tf, np):
    return [
        error(tf.TensorShape([2]).assert_is_fully_defined),
        error(tf.TensorShape([None]).assert_is_fully_defined),
    ]


def indexing(tf, np):
    shape = tf.TensorShape([2, None, 4])
    return [
        repr(shape[0]),
        repr(shape[1]),
        repr(shape[-1]),
        shape[0].value,
        shape[1].value,
        str(shape[1:]),
        str(shape[:2]),
        str(shape[::2]),
        str(shape[-1:]),
        error(lambda: shape[3]),
    ]


def indexing_unknown(tf, np):
    shape = tf.TensorShape(None)
    return [repr(shape[0]), str(shape[1:]), str(shape[:2]), str(shape[1:3]), str(shape[-2:])]


def iterating(tf, np):
    return [
        [str(d) for d in tf.TensorShape([2, None])],
        said(lambda: list(tf.TensorShape(None)), "Cannot iterate over a shape with unknown"),
    ]


def equality(tf, np):
    shape = tf.TensorShape
    return [
        shape([2]) == shape([2]),
        shape([2]) == [2],
        shape([2]) == shape([3]),
        str(shape(None) == shape(None)),
        str(shape([None]) == shape([None])),
        str(shape([None]) == shape([2])),
        shape([2]) != shape([3]),
        error(lambda: shape(None) != shape([2])),
        shape([]) == (),
        str(shape(None) == [2]),
    ]


def merge_with(tf, np):
    shape = tf.TensorShape
    return [
        str(shape([None, 3]).merge_with([2, None])),
        str(shape(None).merge_with([2])),
        str(shape([2]).merge_with(None)),
        said(lambda: shape([2]).merge_with([3]), "Shapes (2,) and (3,) are not compatible"),
        said(lambda: shape([2]).merge_with([2, 3]), "must have the same"),
    ]


def concatenate(tf, np):
    shape = tf.TensorShape
    return [
        str(shape([2]).concatenate([None])),
        str(shape(None).concatenate([2])),
        str(shape([2]).concatenate(tf.Dimension(4))),
    ]


def compatible(tf, np):
    shape = tf.TensorShape
    pairs = (([None, 3], [2, 3]), ([None], [2, 3]), (None, [4]), ([2], [3]), ([2, None], [None, 3]))
    return [shape(a).is_compatible_with(b) for a, b in pairs]


def assertions(tf, np):
    shape = tf.TensorShape([2, None])
    return [
        error(lambda: shape.assert_is_compatible_with([2, 3])),
        said(lambda: shape.assert_is_compatible_with([3, 3]), "are incompatible"),
        error(lambda: shape.assert_has_rank(2)),
        said(lambda: shape.assert_has_rank(3), "must have rank 3"),
        error(lambda: shape.assert_same_rank([1, 1])),
        error(lambda: shape.assert_same_rank([1])),
        error(lambda: shape.with_rank_at_least(3)),
    ]


def with_rank(tf, np):
    shape = tf.TensorShape
    return [
        str(shape(None).with_rank(2)),
        str(shape([2, 3]).with_rank(2)),
        said(lambda: shape([2]).with_rank(2), "must have rank 2"),
        str(shape([2, 3]).with_rank_at_least(1)),
        str(shape([2]).with_rank_at_most(1)),
    ]


def helpers(tf, np):
    from_module = tf.TensorShape
    return [
        str(from_module([2, None]).most_specific_compatible_shape([2, 3])),
        str(from_module([2]).most_specific_compatible_shape([2, 3])),
    ]


def dimension_arithmetic(tf, np):
    two, free = tf.Dimension(2), tf.Dimension(None)
    return [
        repr(two + 3),
        repr(3 + two),
        repr(two - 1),
        repr(5 - two),
        repr(two * 4),
        repr(4 * two),
        repr(two // 2),
        repr(7 // two),
        repr(two % 2),
        repr(7 % two),
        repr(free + 1),
        repr(two * free),
        repr(two + two),
        repr(free // 2),
        repr(0 * free),
    ]


def dimension_true_division(tf, np):
    return said(lambda: tf.Dimension(4) / 2, "unsupported operand type(s) for /: 'Dimension' and")


def dimension_comparison(tf, np):
    two, three, free = tf.Dimension(2), tf.Dimension(3), tf.Dimension(None)
    return [
        two == 2,
        two == three,
        two != three,
        two < three,
        two >= 2,
        str(two == free),
        str(free == free),
        str(two < free),
        str(free == None),
        two == tf.Dimension(2),
    ]


def dimension_as_a_number(tf, np):
    three = tf.Dimension(3)
    return [
        int(three),
        list(range(three)),
        three.value,
        tf.Dimension(None).value,
        error(lambda: int(tf.Dimension(None))),
        [1, 2, 3, 4][three],
        bool(tf.Dimension(0)),
        three in [3],
    ]


def dimension_made_from_bad(tf, np):
    return [
        error(lambda: tf.Dimension("a")),
        error(lambda: tf.Dimension(2.5)),
        repr(tf.Dimension("3")),
        repr(tf.Dimension(tf.Dimension(3))),
        repr(tf.Dimension(2.0)),
    ]


def dimension_merge(tf, np):
    two, free = tf.Dimension(2), tf.Dimension(None)
    return [
        repr(two.merge_with(free)),
        repr(free.merge_with(2)),
        two.is_compatible_with(free),
        two.is_compatible_with(3),
        said(lambda: two.merge_with(3), "Dimensions 2 and 3 are not compatible"),
        error(lambda: two.assert_is_compatible_with(3)),
    ]


def dimension_helpers(tf, np):
    return [
        tf.dimension_value(tf.Dimension(3)),
        tf.dimension_value(3),
        tf.dimension_value(None),
        repr(tf.dimension_at_index(tf.TensorShape([2, 3]), 1)),
    ]


def dimensions_in_shapes(tf, np):
    x = tf.placeholder(tf.float32, [None, 3])
    w = tf.zeros([x.get_shape()[1], 4])
    v = tf.get_variable("v", [x.shape[1], 2])
    r = tf.reshape(x, [-1, x.shape[1]])
    return [str(w.shape), str(v.shape), str(r.shape), error(lambda: tf.zeros([x.shape[0], 2]))]


def set_shape(tf, np):
    x = tf.placeholder(tf.float32)
    found = [str(x.shape)]
    for shape in ([None, None], [None, 3], (5, 3)):
        x.set_shape(shape)
        found.append(str(x.shape))
    return found + [said(lambda: x.set_shape([4, 3]), "4", "5"), str(x.shape)]


def get_shape_is_shape(tf, np):
    x = tf.zeros([2, 3])
    return [
        str(x.get_shape()),
        x.get_shape().as_list(),
        x.shape == x.get_shape(),
        x.shape.ndims,
        x.get_shape()[1].value,
        int(x.shape[0]),
        x.shape.dims[0].value,
    ]


def broadcast_static_shape(tf, np):
    shape = tf.TensorShape
    joined = tf.broadcast_static_shape
    return [
        str(joined(shape([2, 1]), shape([3]))),
        str(joined(shape([None, 3]), shape([1]))),
        str(joined(shape(None), shape([2]))),
        str(joined(shape([None]), shape([1]))),
        error(lambda: joined(shape([2]), shape([3]))),
    ]


def shapes_by_the_internal_modules(tf, np):
    tensor_shape = inside(tf, "python.framework.tensor_shape")
    tensor_util = inside(tf, "python.framework.tensor_util")
    confusion = inside(tf, "python.ops.confusion_matrix")
    sizes = tf.shape(tf.placeholder(tf.float32, [32, None, 16]))
    parts = [sizes[1:], sizes[:2], sizes[::-1], sizes[:-1], tf.concat([sizes[1:], [4]], 0)]
    made = [tensor_shape.as_shape(given) for given in ([1, None], None, 3, tf.TensorShape([2]))]
    labels, predictions = confusion.remove_squeezable_dimensions(
        tf.zeros([2]), tf.zeros([2, 3, 1]), expected_rank_diff=1
    )
    return [
        [str(tensor_util.constant_value_as_shape(part)) for part in parts],
        [[isinstance(each, tf.TensorShape), str(each)] for each in made],
        str(tensor_shape.scalar()), str(tensor_shape.vector(3)), str(tensor_shape.matrix(2, None)),
        str(labels.shape), str(predictions.shape),
    ]  # fmt: skip
