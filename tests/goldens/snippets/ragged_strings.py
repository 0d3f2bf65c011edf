"""Strings cut into rows of parts, and what is made of such rows; gradients; datasets; eagerly."""

from goldens.kit import eagerly, error, run, shapes
from goldens.snippets.ragged import _ran

LINES = ["hello world", "a  b c", "", "a,b"]
WORDS = [["ab", "c"], ["", "\u00e9x"]]


def cut(tf, np):
    S, rows = tf.strings, tf.ragged.constant([["a b", "c"], [], ["d e f"]])
    several = [
        S.split(LINES, result_type="RaggedTensor"), S.split(rows, result_type="RaggedTensor"),
        S.split([["a b"], ["c"]], result_type="RaggedTensor"),
        S.split(["a,b,c", ""], ",", 1, "RaggedTensor"),
        tf.string_split(LINES, result_type="RaggedTensor"),
        tf.string_split(LINES, ",", skip_empty=False, result_type="RaggedTensor"),
        S.bytes_split(LINES), S.bytes_split(WORDS), S.bytes_split(rows), S.bytes_split("ab"),
        S.unicode_decode(["ab", "\u00e9"], "UTF-8"), S.unicode_decode(WORDS, "UTF-8"),
        S.unicode_decode(rows, "UTF-8"), *S.unicode_decode_with_offsets(["\u00e9a"], "UTF-8"),
        S.unicode_split(["ab", "\u00e9"], "UTF-8"), S.unicode_split(rows, "UTF-8"),
        *S.unicode_split_with_offsets(WORDS, "UTF-8"), S.unicode_split("\u00e9a", "UTF-8"),
        S.unicode_encode(tf.ragged.constant([[97, 98], [], [233]]), "UTF-8"),
        S.unicode_encode(tf.ragged.constant([[[97], [98, 99]], [[]]]), "UTF-8"),
        S.unicode_encode(tf.ragged.constant([[[97, 98]], []], ragged_rank=1), "UTF-8"),
        S.ngrams(rows, 2), S.ngrams(rows[:1], [1, 2], separator="-", pad_values=("<", ">")),
        S.ngrams(tf.ragged.constant([[["a", "b", "c"]], [["d"]]]), 2,
                 preserve_short_sequences=True),
    ]  # fmt: skip
    return [
        _ran(tf, several), shapes(*several[:9]),
        error(lambda: S.split(rows, result_type="list")), error(lambda: S.bytes_split([1])),
        error(lambda: S.bytes_split(tf.placeholder(tf.string))),
        error(lambda: S.unicode_decode(tf.placeholder(tf.string), "UTF-8")),
        error(lambda: S.unicode_encode(rows, "UTF-8")),
        error(lambda: run(tf, S.unicode_decode([b"\xff"], "UTF-8", "strict"))),
    ]


def gradients(tf, np):
    values = tf.constant([1.0, 2.0, 3.0, 4.0])
    rt = tf.RaggedTensor.from_row_lengths(values, [2, 0, 2])
    picked = tf.gather(rt, [2, 0, 2])
    totals = [
        tf.reduce_sum(rt * rt, 1), tf.reduce_mean(rt, 0), rt.to_tensor() * [[1.0, 3.0]],
        rt[:, 1:].flat_values,
        (picked * picked).flat_values, tf.concat([rt, rt * 2.0], 1).flat_values,
        rt.to_sparse().values * [1.0, 2.0, 3.0, 4.0], (rt * [[2.0], [3.0], [4.0]]).flat_values,
        tf.reduce_max(rt, 1)[:1], tf.tile(rt, [1, 2]).flat_values,
    ]  # fmt: skip
    found = [tf.convert_to_tensor(tf.gradients(total, values)[0]) for total in totals]
    return run(tf, found)


def datasets(tf, np):
    D, deep = tf.data.Dataset, tf.ragged.constant([[[1, 2], []], [], [[3]]])
    flat = tf.ragged.constant([[1, 2], [], [3]])
    made = [
        D.from_tensors(flat), D.from_tensor_slices(deep), D.from_tensor_slices(deep).batch(2),
        D.from_tensor_slices((deep, [5, 6, 7])), D.from_tensors({"a": flat}),
        D.range(3).map(lambda i: tf.ragged.range([i, 2 * i])), D.from_tensors(deep).unbatch(),
        D.from_tensors(flat).repeat(2).batch(2), D.from_tensor_slices(flat).batch(2),
        D.from_tensor_slices(deep).map(lambda x: tf.reduce_sum(x, 1)),
        D.from_tensors(flat).concatenate(D.from_tensors(flat)).take(1).cache().prefetch(1),
    ]
    found = []
    for dataset in made:
        element = tf.nest.flatten(tf.data.make_one_shot_iterator(dataset).get_next())
        with tf.Session() as sess:
            rows = []
            while error(lambda: rows.append(sess.run(element))) == "no error":  # noqa: B023
                pass
        rows = [[each.tolist() if hasattr(each, "tolist") else each.to_list() for each in row]
                for row in rows]  # fmt: skip
        found.append([rows, str(tf.data.get_output_shapes(dataset)),
                      str(tf.data.get_output_types(dataset))])  # fmt: skip
    spec = tf.data.experimental.RaggedTensorStructure(tf.int32, [2, None], 1)
    iterator = D.from_tensor_slices(flat)
    return [found, repr(spec), error(lambda: tf.data.make_one_shot_iterator(iterator).get_next())]


def at_once(tf, np):
    with eagerly(tf):
        rt = tf.ragged.constant([[1, 2], [], [3]])
        traced = tf.function(lambda x, y=2: x * y)
        parts = tf.strings.split(["a b", "c"], result_type="RaggedTensor")
        with tf.GradientTape() as tape:
            x = tf.constant([1.0, 2.0, 3.0])
            tape.watch(x)
            total = tf.reduce_sum(tf.RaggedTensor.from_row_splits(x, [0, 2, 3]) ** 2.0)
        return [
            repr(rt), str(rt + 1), rt.to_list(), [row.numpy().tolist() for row in rt],
            traced(rt).to_list(), traced(rt + 1, 3).to_list(), parts.to_list(),
            tape.gradient(total, x).numpy(), error(lambda: rt[3]), error(lambda: rt[:, 0]),
            error(lambda: tf.RaggedTensor.from_row_splits([1], [0, 2])),
            [row.to_list() for row in tf.data.Dataset.from_tensors(rt)],
            tf.reduce_sum(rt, 1).numpy(), rt.bounding_shape().numpy(),
        ]  # fmt: skip
