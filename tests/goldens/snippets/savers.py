"""tf.train.Saver: its nodes, what it says, which files it keeps."""

import os
import tempfile

from goldens.kit import said


def _folder(test):
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            return test()
        finally:
            os.chdir(before)


def _variables(tf, np):
    with tf.device("/cpu:0"):
        tf.Variable(np.arange(6, dtype=np.float32).reshape(2, 3), name="layer/w")
        tf.Variable(3, name="b", dtype=tf.int32)
    tf.Variable([b"a", b"bcd", b""], name="s")
    tf.get_variable("p", [5, 2], partitioner=tf.fixed_size_partitioner(2))


def _nodes(tf):
    """What the Savers have added: names, types, inputs, what they wait for, devices."""
    added = [
        op for op in tf.get_default_graph().get_operations() if op.name.startswith(("save", "sync"))
    ]
    return [
        [op.name, op.type, [tensor.name for tensor in op.inputs],
         sorted(other.name for other in op.control_inputs), op.device,
         [str(tensor.shape) for tensor in op.outputs]]
        for op in added
    ]  # fmt: skip


def _built(tf, np, **options):
    _variables(tf, np)
    saver = tf.train.Saver(**options)
    return _nodes(tf), str(saver.as_saver_def())


def nodes(tf, np):
    return _built(tf, np)


def nodes_sharded(tf, np):
    return _built(tf, np, sharded=True)


def nodes_of_the_older_format(tf, np):
    return _built(tf, np, write_version=tf.train.SaverDef.V1)


def nodes_of_the_older_format_sharded(tf, np):
    return _built(tf, np, write_version=tf.train.SaverDef.V1, sharded=True)


def nodes_reshaping(tf, np):
    return _built(tf, np, reshape=True, restore_sequentially=True)


def nodes_named(tf, np):
    return _built(tf, np, name="sync", filename="there", max_to_keep=None)


def nodes_of_two(tf, np):
    _variables(tf, np)
    tf.train.Saver([tf.global_variables()[0]])
    tf.train.Saver({"other": tf.global_variables()[1]}, max_to_keep=1)
    return _nodes(tf)


def nodes_of_a_variable_of_unknown_shape(tf, np):
    tf.Variable(tf.placeholder_with_default([1.0], [None]), validate_shape=False, name="v")
    tf.train.Saver()
    tf.train.Saver(reshape=True)
    validated = tf.get_default_graph().get_operation_by_name("save/Assign")
    return _nodes(tf), validated.get_attr("validate_shape")


def refused(tf, np):
    _variables(tf, np)
    w = tf.global_variables()[0]
    part = tf.global_variables()[3]
    return [
        said(lambda: tf.train.Saver([w, w]), "At least two variables have the same name: layer/w"),
        said(lambda: tf.train.Saver({"a": w, "b": w}),
             "The same saveable will be restored with two names: b"),
        said(lambda: tf.train.Saver(3), "Variables to save should be passed in a dict or a list"),
        said(lambda: tf.train.Saver([tf.constant(1)]), "Variable to save is not a Variable"),
        said(lambda: tf.train.Saver({1: w}), "Name is not a string: 1"),
        said(lambda: tf.train.Saver({"c": tf.constant(1)}), "Not a variable"),
        said(lambda: tf.train.Saver({"p": [w]}), "Slices must all be slices"),
        said(lambda: tf.train.Saver({"p": [part, tf.constant(1)]}), "Slices must all be Variables"),
        said(lambda: tf.train.Saver([w], defer_build=True), "build cannot be deferred"),
        said(lambda: tf.train.Saver([]), "No variables to save"),
    ]  # fmt: skip


def keeping(tf, np):
    def test():
        v = tf.Variable(1.0, name="v")
        saver = tf.train.Saver(max_to_keep=2, pad_step_number=True, save_relative_paths=True)
        with tf.Session() as sess:
            sess.run(v.initializer)
            saved = [
                saver.save(sess, "./k", global_step=step, write_meta_graph=False)
                for step in range(4)
            ]
        return saved, sorted(os.listdir(".")), open("checkpoint").read(), saver.last_checkpoints

    return _folder(test)


def keeping_some_for_longer(tf, np):
    def test():
        v = tf.Variable(1.0, name="v")
        saver = tf.train.Saver(max_to_keep=1, keep_checkpoint_every_n_hours=1e-9)
        with tf.Session() as sess:
            sess.run(v.initializer)
            for step in range(3):
                saver.save(sess, "./k", global_step=step, write_meta_graph=False)
        return sorted(os.listdir(".")), saver.last_checkpoints

    return _folder(test)


def keeping_all(tf, np):
    def test():
        v = tf.Variable(1.0, name="v")
        saver = tf.train.Saver(max_to_keep=0)
        with tf.Session() as sess:
            sess.run(v.initializer)
            for step in range(3):
                saver.save(sess, "k", global_step=step, write_meta_graph=False)
        return sorted(os.listdir(".")), open("checkpoint").read(), saver.last_checkpoints

    return _folder(test)


def saving_again(tf, np):
    """Under a name that there is already, and after a restart."""

    def test():
        v = tf.Variable(1.0, name="v")
        saver, other = tf.train.Saver(max_to_keep=2), tf.train.Saver(max_to_keep=2)
        with tf.Session() as sess:
            sess.run(v.initializer)
            for name in ("./a", "./b", "./a", "./c"):
                saver.save(sess, name, write_meta_graph=False)
            kept = saver.last_checkpoints
            other.recover_last_checkpoints([*kept, "./none"])
            found = other.last_checkpoints
            other.save(sess, "./d", write_meta_graph=False)
            other.set_last_checkpoints(["./x"])
        return kept, found, other.last_checkpoints, sorted(os.listdir("."))

    return _folder(test)


def saving_by_a_tensor(tf, np):
    def test():
        step = tf.Variable(7, name="global_step")
        saver = tf.train.Saver()
        with tf.Session() as sess:
            sess.run(step.initializer)
            options = {"write_meta_graph": False, "latest_filename": "latest"}
            found = [
                saver.save(sess, "m", global_step=step, **options),
                saver.save(sess, "m", global_step="global_step:0", **options),
                saver.save(sess, "new/m", write_meta_graph=False),
                saver.save(sess, "quiet", write_meta_graph=False, write_state=False),
            ]
            saver.save(sess, "graph", meta_graph_suffix="mm")
        latest = [tf.train.latest_checkpoint("."), tf.train.latest_checkpoint(".", "latest"),
                  tf.train.latest_checkpoint("new")]  # fmt: skip
        return found, sorted(os.listdir(".")), sorted(os.listdir("new")), latest

    return _folder(test)


def saving_nothing(tf, np):
    def test():
        saver = tf.train.Saver(allow_empty=True)
        tf.constant(1)
        with tf.Session() as sess:
            path = saver.save(sess, "./m")
            saver.restore(sess, "./m")
        return path, sorted(os.listdir(".")), saver.saver_def is None

    return _folder(test)


def refused_in_use(tf, np):
    def test():
        v = tf.Variable(1.0, name="v")
        saver = tf.train.Saver()
        late = tf.train.Saver(defer_build=True)
        with tf.Session() as sess:
            uninitialized = said(lambda: saver.save(sess, "./m"), "Attempting to use uninitialized")
            sess.run(v.initializer)
            return [
                uninitialized,
                said(lambda: saver.save(None, "./m"), "'sess' must be a Session; None"),
                said(lambda: saver.save(sess, "checkpoint"), "collides with 'save_path'"),
                said(lambda: saver.save(sess, "m", latest_filename="a/b"), "path components"),
                said(lambda: saver.save(sess, "no/no/m"),
                     "Parent directory of no/no/m doesn't exist, can't save."),
                said(lambda: saver.restore(sess, None), "Can't load save_path when it is None."),
                said(lambda: saver.restore(sess, "./none"),
                     "The passed save_path is not a valid checkpoint: ./none"),
                said(lambda: late.save(sess, "m"), "`build()` should be called before save"),
            ]  # fmt: skip

    return _folder(test)


def restoring(tf, np):
    def test():
        _variables(tf, np)
        values = tf.global_variables()
        saver = tf.train.Saver()
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            sess.run([values[0].assign_add(tf.ones([2, 3])), values[3].assign([[1.0, 2.0]] * 3)])
            saver.save(sess, "./m")
            wanted = sess.run(values[:4])
        tf.reset_default_graph()
        w = tf.Variable(tf.zeros([2, 3]), name="layer/w")
        b, s = tf.Variable(0, name="b"), tf.Variable([b"", b"", b""], name="s")
        p = tf.get_variable("p", [5, 2])  # in one part now
        with tf.Session() as sess:
            tf.train.Saver().restore(sess, "./m")
            return wanted, sess.run([w, b, s]), sess.run(p)[:3]

    return _folder(test)


def restoring_to_other_shapes(tf, np):
    def test():
        v = tf.Variable([[1.0, 2.0], [3.0, 4.0]], name="v")
        with tf.Session() as sess:
            sess.run(v.initializer)
            tf.train.Saver().save(sess, "./m")
        tf.reset_default_graph()
        flat = tf.Variable(tf.zeros([4]), name="v")
        with tf.Session() as sess:
            tf.train.Saver(reshape=True).restore(sess, "./m")
            return sess.run(flat)

    return _folder(test)


def restoring_what_does_not_fit(tf, np):
    def test():
        tf.Variable([1.0, 2.0], name="v")
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            tf.train.Saver().save(sess, "./m")
        tf.reset_default_graph()
        v, w = tf.Variable([1.0], name="v"), tf.Variable(1.0, name="w")
        integers = tf.Variable([1, 2], name="i")
        start = "Restoring from checkpoint failed. This is most likely due to "
        with tf.Session() as sess:
            return [
                said(lambda: tf.train.Saver([w]).restore(sess, "./m"),
                     "Key w not found in checkpoint",
                     start + "a Variable name or other graph key that is missing from the "
                     "checkpoint. Please ensure that you have not altered the graph expected based "
                     "on the checkpoint. Original error:"),
                said(lambda: tf.train.Saver([v]).restore(sess, "./m"),
                     start + "a mismatch between the current graph and the graph from the "
                     "checkpoint.", "Assign requires shapes of both tensors to match. lhs shape= "
                     "[1] rhs shape= [2]"),
                said(lambda: tf.train.Saver({"v": integers}).restore(sess, "./m"),
                     "tensor_name = v; expected dtype int32 does not equal original dtype float"),
            ]  # fmt: skip

    return _folder(test)


def states(tf, np):
    def test():
        tf.train.update_checkpoint_state("./", "./q", ["./a", "./b"], latest_filename="third")
        made = tf.train.generate_checkpoint_state_proto(
            "/a", "b", all_model_checkpoint_timestamps=[1.5], last_preserved_timestamp=2.25
        )
        with open("broken", "w") as file:
            file.write("no such field: 1")
        with open("empty", "w") as file:
            file.write("")
        return [
            open("third").read(), str(tf.train.get_checkpoint_state(".", "third")), str(made),
            tf.train.get_checkpoint_state(".", "broken"), tf.train.get_checkpoint_state("./no"),
            said(lambda: tf.train.get_checkpoint_state(".", "empty"), "Invalid checkpoint state"),
            said(lambda: tf.train.generate_checkpoint_state_proto(
                "/a", "b", all_model_checkpoint_timestamps=[1, 2]), "must match checkpoint paths"),
            said(lambda: tf.train.update_checkpoint_state("/x", "/x/checkpoint"),
                 "Save path '/x/checkpoint' conflicts with path used for checkpoint state."),
            tf.train.latest_checkpoint(".", "third"), tf.train.checkpoint_exists("./q"),
        ]  # fmt: skip

    return _folder(test)


def names_of_nodes_in_a_scope(tf, np):
    _variables(tf, np)
    with tf.name_scope("outer"):
        saver = tf.train.Saver()
    inner = saver.to_proto(export_scope="outer")
    found = [str(saver.to_proto()), str(inner), saver.to_proto(export_scope="none")]
    again = tf.train.Saver.from_proto(inner, import_scope="outer")
    return [*found, str(again.saver_def)]
