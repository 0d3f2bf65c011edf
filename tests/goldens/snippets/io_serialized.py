"""tf.serialize_tensor, tf.parse_tensor, tf.decode_json_example, tf.io.gfile."""

import os
import tempfile

from goldens.kit import error, said


def serialized(tf, np):
    values = [
        np.float32([[1, 2], [3, 4]]), np.int32(5), np.zeros([0, 2]), np.array([True, False]),
        np.array([1 + 2j], np.complex64), np.float16([1]), np.int64([1, 1, 1]), np.uint8([[7]]),
    ]  # fmt: skip
    found = []
    with tf.Session() as sess:
        for value in values:
            text = tf.io.serialize_tensor(tf.constant(value))
            back = tf.io.parse_tensor(text, tf.as_dtype(value.dtype))
            found.append([*sess.run([text, back]), text.op.type, str(back.shape)])
    return found


def strings(tf, np):
    text = tf.serialize_tensor(tf.constant([["a", "bc"], ["", "d"]]), name="s")
    back = tf.parse_tensor(text, tf.string, name="p")
    with tf.Session() as sess:
        return [*sess.run([text, back]), text.op.name, back.op.name, back.op.type]


def lists_of_values(tf, np):
    proto = tf.make_tensor_proto(3.0, shape=[2, 2])
    with tf.Session() as sess:
        return sess.run(tf.io.parse_tensor(proto.SerializeToString(), tf.float32))


def parse_refused(tf, np):
    text = tf.serialize_tensor(tf.constant([1, 2], tf.int64))
    with tf.Session() as sess:
        return [
            said(lambda: sess.run(tf.parse_tensor(text, tf.int32)), "Type mismatch between parsed"),
            said(lambda: sess.run(tf.parse_tensor([text], tf.int64)),
                 "Expected `serialized` to be a scalar, got shape: [1]"),
            said(lambda: sess.run(tf.parse_tensor(b"", tf.int64)), "Cannot parse tensor from"),
        ]  # fmt: skip


def json_examples(tf, np):
    texts = [
        '{"features": {"feature": {"a": {"floatList": {"value": [1.5, 2, "NaN"]}}, '
        '"b": {"bytesList": {"value": ["aGk=", ""]}}, "c": {"int64List": {"value": ["5", 6]}}}}}',
        '{"features": {"feature": {"a": {"float_list": {"value": []}}}}}',
        "{}",
    ]
    made = tf.io.decode_json_example(texts)
    spec = {"a": tf.VarLenFeature(tf.float32), "b": tf.VarLenFeature(tf.string),
            "c": tf.VarLenFeature(tf.int64)}  # fmt: skip
    parsed = tf.parse_example(made, spec)
    with tf.Session() as sess:
        values = sess.run(parsed)
        single = sess.run(tf.io.decode_json_example(texts[0]))
    return [{key: list(value) for key, value in values.items()}, str(made.shape), made.op.type,
            sorted(tf.train.Example.FromString(single).features.feature)]  # fmt: skip


def json_refused(tf, np):
    texts = ["{no", '{"featuresx": 1}', '{"features": 3}', "[]",
             '{"features": {"feature": {"a": {"int64List": {"value": [1.5]}}}}}',
             '{"features": {"feature": {"a": {"bytesList": {"value": [3]}}}}}']  # fmt: skip
    with tf.Session() as sess:
        return [said(lambda t=text: sess.run(tf.io.decode_json_example(t)),
                     "Error while parsing JSON: ") for text in texts]  # fmt: skip


def queues(tf, np):
    names = ["PaddingFIFOQueue", "PriorityQueue", "QueueBase", "RandomShuffleQueue"]
    return [getattr(tf.io, name) is getattr(tf, name) for name in names]


def files(tf, np):
    files = tf.io.gfile
    folder = tempfile.mkdtemp()
    at = lambda *names: os.path.join(folder, *names)  # noqa: E731
    files.makedirs(at("a", "b"))
    files.mkdir(at("c"))
    with files.GFile(at("a", "x.txt"), "w") as file:
        file.write("text")
    files.copy(at("a", "x.txt"), at("c", "y.txt"))
    files.rename(at("a", "x.txt"), at("a", "b", "z.txt"))
    walked = [[sorted([os.path.relpath(top, folder)]), sorted(dirs), sorted(names)]
              for top, dirs, names in files.walk(folder)]  # fmt: skip
    upward = [os.path.relpath(top, folder) for top, _, _ in files.walk(folder, topdown=False)]
    found = [
        files.exists(at("a", "x.txt")), files.isdir(at("a")), sorted(files.listdir(folder)),
        files.stat(at("c", "y.txt")).length, files.stat(at("c")).is_directory,
        [os.path.basename(path) for path in files.glob(at("c", "*"))],
        sorted(walked), sorted(upward), upward[-1], list(files.walk(at("none"))),
        error(lambda: files.copy(at("c", "y.txt"), at("a", "b", "z.txt"))),
        error(lambda: files.remove(at("none"))), error(lambda: files.stat(at("none"))),
    ]  # fmt: skip
    files.copy(at("c", "y.txt"), at("a", "b", "z.txt"), overwrite=True)
    files.remove(at("c", "y.txt"))
    files.rmtree(at("a"))
    return [*found, files.listdir(folder)]
