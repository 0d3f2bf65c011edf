"""The variables of the checkpoints in checkpoints/, which TensorFlow 1.15.5 has written."""

import os

import numpy as np

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "checkpoints")
NUMBERS = "float16 float32 float64 int8 uint8 int16 uint16 int32 int64"


def arrays():
    """{name: array} of the variables in one piece, all but that of type bfloat16."""
    found = {}
    for number, dtype in enumerate(NUMBERS.split()):
        values = np.arange(6.0).reshape(2, 3) * 7.25 + number - (0 if dtype[0] == "u" else 20)
        found["n/" + dtype] = values.astype(dtype)
    found["n/bool"] = np.array([True, False, True])
    found["n/complex64"] = np.array([1.5 - 2j, 3j, 0], np.complex64)
    found["n/complex128"] = np.array([[1.5 - 2j], [1e300]])
    found["n/string"] = np.array([[b"", b"abc"], [b"\0\xff", b"x" * 300]], object)
    found["one"] = np.array(2.5, np.float32)
    found["text"] = np.array(b"hello", object)
    found["none"] = np.zeros([0, 4], np.float32)
    return found


BFLOAT16 = [1.5, -2.25, 3.0]


def cut():
    """{name: (array, how many parts, along which axis)} of the variables in parts."""
    return {
        "parts/rows": (np.arange(14, dtype=np.float32).reshape(7, 2), 3, 0),
        "parts/columns": (np.arange(300, dtype=np.int64).reshape(2, 150), 2, 1),
    }


def build(tf):
    """The variables in a fresh default graph."""
    tf.reset_default_graph()
    for name, array in arrays().items():
        dtype = tf.string if array.dtype == object else tf.as_dtype(array.dtype)
        tf.Variable(array, name=name, dtype=dtype)
    for name, (array, count, axis) in cut().items():
        partitioner = tf.fixed_size_partitioner(count, axis)
        tf.get_variable(name, initializer=tf.constant(array), partitioner=partitioner)


def build_on_two_devices(tf):
    tf.reset_default_graph()
    with tf.device("/cpu:0"):
        tf.Variable([1.0, 2.0], name="a")
        tf.Variable(5, name="c")
    with tf.device("/cpu:1"):
        tf.Variable([[3.0], [4.0]], name="b")
        tf.Variable([b"s"], name="d")


TWO = {"a": [1.0, 2.0], "b": [[3.0], [4.0]], "c": 5, "d": [b"s"]}


def save(tf, path, **options):
    """Write all variables of the default graph by a Saver with these options."""
    saver = tf.train.Saver(**options)
    with tf.Session(config=tf.ConfigProto(device_count={"CPU": 2})) as sess:
        sess.run(tf.global_variables_initializer())
        return saver.save(sess, path, write_meta_graph=False, write_state=False)


def save_all(tf, folder):
    """The checkpoints v2, v1, sharded and sharded1 of the folder."""
    build(tf)
    save(tf, os.path.join(folder, "v2"))
    save(tf, os.path.join(folder, "v1"), write_version=tf.train.SaverDef.V1)
    build_on_two_devices(tf)
    save(tf, os.path.join(folder, "sharded"), sharded=True)
    save(tf, os.path.join(folder, "sharded1"), sharded=True, write_version=tf.train.SaverDef.V1)


FILES = [
    "sharded.data-00000-of-00002", "sharded.data-00001-of-00002", "sharded.index",
    "sharded1-00000-of-00002", "sharded1-00001-of-00002", "v1", "v2.data-00000-of-00001",
    "v2.index",
]  # fmt: skip


# -- of objects -----------------------------------------------------------------------------------


def objects(tf, optimizer):
    """{name: object}: a network, an optimizer, a step, which the first step of `train` fills."""
    ones, layers = tf.keras.initializers.Constant(0.5), tf.keras.layers

    class Net(tf.keras.Model):
        def __init__(self):
            super().__init__()
            self.first = layers.Dense(3, kernel_initializer=ones)
            self.more = [layers.Dense(2, kernel_initializer=ones), layers.BatchNormalization()]
            self.named = {"scale": tf.Variable([2.0, -1.0], use_resource=True, name="scale")}

        def call(self, inputs):
            x = self.more[0](self.first(inputs))
            return self.more[1](x) * self.named["scale"]

    step = tf.Variable(0, trainable=False, dtype=tf.int64, use_resource=True, name="step")
    return {"net": Net(), "optimizer": optimizer, "step": step}


INPUTS = np.array([[1.0, 2.0], [-1.0, 0.5]], np.float32)


def train(tf, found):
    """An operation that makes a step of training."""
    net = found["net"]
    loss = tf.reduce_sum(tf.square(net(tf.constant(INPUTS)) - 1.0))
    variables = {id(each): each for each in [*net.trainable_variables, net.named["scale"]]}
    variables = list(variables.values())
    grads = list(zip(tf.gradients(loss, variables), variables))
    with tf.control_dependencies([found["step"].assign_add(1)]):
        return found["optimizer"].apply_gradients(grads)


def optimizers(tf):
    """{name: optimizer} of those that checkpoints of objects are there for."""
    return {"adam": tf.train.AdamOptimizer(0.1), "sgd": tf.keras.optimizers.SGD(0.1, 0.9)}


def save_objects(tf, folder):
    """The checkpoints objects-adam and objects-sgd of the folder."""
    for name in ("adam", "sgd"):
        tf.reset_default_graph()
        found = objects(tf, optimizers(tf)[name])
        step, checkpoint = train(tf, found), tf.train.Checkpoint(**found)
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            checkpoint.restore(None).initialize_or_restore(sess)
            sess.run([step, checkpoint.save_counter.initializer])
            checkpoint.write(os.path.join(folder, f"objects-{name}"), sess)
