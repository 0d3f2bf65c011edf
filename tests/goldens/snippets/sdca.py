"""tf.train.sdca_optimizer, sdca_fprint, sdca_shrink_l1. Examples are taken in an order that differs
from run to run: what is compared does not depend on it."""

from goldens.kit import error, run, said

LOSSES = ("logistic_loss", "squared_loss", "hinge_loss", "smooth_hinge_loss", "poisson_loss")


def _apart(tf, np, loss, adaptive=False, **kwargs):
    """A step for each of three examples of which no two share a feature."""
    given = dict(
        sparse_example_indices=[[0, 0, 2]], sparse_feature_indices=[[7, 3, 4]],
        sparse_feature_values=[], dense_features=[np.float32([[0, 0], [0.5, -2], [0, 0]])],
        example_weights=[1.0, 2.0, 0.5], example_labels=[1.0, 0.0, 1.0], sparse_indices=[[3, 4, 7]],
        sparse_weights=[[0.2, -0.4, 0.9]], dense_weights=[[-0.3, 0.7]],
        example_state_data=np.float32([[0.25, 0, 0, 0], [0, 0, 0, 0], [0.5, 0, 0, 0]]),
        loss_type=loss, l1=0.0, l2=1.0, num_loss_partitions=1, num_inner_iterations=1,
        adaptative=adaptive,
    )  # fmt: skip
    return run(tf, tf.train.sdca_optimizer(**{**given, **kwargs}))


def a_step(tf, np):
    return [_apart(tf, np, loss) for loss in LOSSES]


def a_step_with_sparse_weights(tf, np):
    return [_apart(tf, np, loss, l1=0.3, l2=2.5) for loss in LOSSES]


def a_step_of_several_partitions(tf, np):
    return [_apart(tf, np, loss, num_loss_partitions=4, l1=0.1) for loss in LOSSES]


def a_step_with_values(tf, np):
    return [_apart(tf, np, loss, sparse_feature_values=[[0.5, 2.0, -3.0]]) for loss in LOSSES]


def a_step_without_labels_alike(tf, np):
    state = np.float32([[0.0, 1, 2, 3], [-0.7, 1, 2, 3], [0.0, 1, 2, 3]])
    return [_apart(tf, np, loss, example_labels=[0.0, 0.0, 1.0], example_state_data=state)
            for loss in LOSSES[:4]]  # fmt: skip


def numbers_of_another_shape(tf, np):
    return _apart(tf, np, "squared_loss", sparse_weights=[[[0.2], [-0.4], [0.9]]],
                  dense_weights=[[[-0.3], [0.7]]], example_labels=[3.5, -2.0, 0.3])  # fmt: skip


def one_example_again_and_again(tf, np):
    """Of one example every step is the same."""
    state = tf.Variable(np.zeros((1, 4), np.float32))
    weights = tf.Variable([0.0, 0.0, 0.0])
    new, _, (change,) = tf.train.sdca_optimizer(
        [], [], [], [np.float32([[1.0, -2.0, 0.5]])], [1.5], [1.0], [], [], [weights], state,
        "logistic_loss", 0.1, 1.2, 1, 1, adaptative=True)  # fmt: skip
    step = tf.group(state.assign(new), weights.assign_add(change))
    found = []
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(4):
            sess.run(step)
            found.append(sess.run([state, weights]))
    return found


def shapes_and_names(tf, np):
    made = tf.train.sdca_optimizer(
        [[0]], [[0]], [], [tf.placeholder(tf.float32, [None, 2])], [1.0], [1.0], [[0]], [[0.5]],
        [tf.zeros([2])], tf.zeros([1, 4]), "squared_loss", 0.0, 1.0, 1, 1)  # fmt: skip
    keys = tf.train.sdca_fprint(tf.placeholder(tf.string, [None]))
    shrink = tf.train.sdca_shrink_l1([tf.Variable([1.0])], 0.5, 1.0)
    return [made[0].name, str(made[0].dtype), [t.name for t in made[1] + made[2]],
            keys.name, str(keys.dtype), shrink.name]  # fmt: skip


def refused(tf, np):
    def given(**kwargs):
        return said(lambda: _apart(tf, np, "logistic_loss", **kwargs))

    return [
        given(loss_type="no_loss"), given(example_labels=[1.0, 2.0, 0.0]),
        given(example_state_data=np.zeros((3, 3), np.float32)),
        given(sparse_feature_indices=[[7, 3]]), given(sparse_feature_indices=[[7, 3, 5]]),
        given(sparse_feature_indices=[[7, 7, 3]]), given(dense_weights=[[0.5]]),
        given(loss_type="poisson_loss", example_labels=[1.0, -2.0, 0.0]),
        error(lambda: run(tf, tf.train.sdca_fprint("abc"))),
    ]  # fmt: skip


def prints(tf, np):
    texts = [b"", b"a", b"abcd", b"tensorflow", b"sixteen letters!", b"x" * 17, b"0123456789" * 5]
    texts += [bytes(range(size)) for size in (127, 128, 145, 256)] + [bytes(range(256)) * 2]
    return run(tf, tf.train.sdca_fprint(texts))


def shrunk(tf, np):
    some = [tf.Variable([0.5, -0.5, 0.1, -3.0]), tf.Variable([[0.2], [-0.3]])]
    shrink = tf.train.sdca_shrink_l1(some, 0.5, 2.0)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(shrink)
        return sess.run(some)
