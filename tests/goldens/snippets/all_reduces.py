"""tensorflow.contrib.all_reduce: tensors of several devices reduced, in every way there is."""

from goldens.kit import error, inside


def _tensors(tf, np, count, shape, tasks=1):
    found = []
    for k in range(count):
        task = k * tasks // count
        with tf.device(f"/job:worker/replica:0/task:{task}/device:CPU:{k % (count // tasks)}"):
            values = np.random.RandomState(k).standard_normal(shape).astype(np.float32)
            found.append(tf.constant(values))
    return found


def _run(tf, tensors):
    """The values, in a graph that forgets the devices."""
    graph_def, devices = tf.get_default_graph().as_graph_def(), [t.device for t in tensors]
    for node in graph_def.node:
        node.device = ""
    with tf.Graph().as_default() as graph, tf.Session(graph=graph) as sess:
        found = tf.import_graph_def(graph_def, return_elements=[t.name for t in tensors])
        return [sess.run(found), devices, [t.shape.as_list() for t in tensors]]


def rings(tf, np):
    reduce = inside(tf, "python.distribute.all_reduce").build_ring_all_reduce
    found = []
    for shape, perm, subchunks in [([8], [0, 1], 1), ([3, 5], [0, 2, 1], 2), ([2], [1, 0, 2], 3),
                                   ([4, 3], [0, 1, 2, 3], 1)]:  # fmt: skip
        tensors = _tensors(tf, np, len(perm), shape)
        found.append(_run(tf, reduce(tensors, 1, subchunks, perm, tf.add, lambda x: x * 0.5)))
    pairs = _tensors(tf, np, 4, [7], tasks=2)
    found.append(_run(tf, reduce(pairs, 2, 2, [1, 0], tf.subtract)))  # in which order
    return found


def pairs_of_devices(tf, np):
    reduce = inside(tf, "python.distribute.all_reduce").build_recursive_hd_all_reduce
    return [_run(tf, reduce(_tensors(tf, np, 4, [2, 4]), tf.subtract, tf.square)),
            _run(tf, reduce(_tensors(tf, np, 2, [6]), tf.add))]  # fmt: skip


def shuffles(tf, np):
    module = inside(tf, "python.distribute.all_reduce")
    near = [f"/job:worker/replica:0/task:{k}/device:CPU:0" for k in range(2)]
    one = module.build_shuffle_all_reduce(_tensors(tf, np, 3, [2, 4]), near[:1] * 3, tf.add_n)
    ring = module.build_shuffle_then_ring(
        _tensors(tf, np, 4, [3, 2], tasks=2), near, 1, tf.add_n, tf.add, tf.square
    )
    both = module.build_shuffle_then_shuffle(
        _tensors(tf, np, 4, [5], tasks=2), near, near[:1], tf.add_n, tf.negative
    )
    return [_run(tf, each) for each in (one, ring, both)]


def refused_reductions(tf, np):
    module = inside(tf, "python.distribute.all_reduce")
    tensors = _tensors(tf, np, 3, [6])
    unlike = [*tensors, tf.placeholder(tf.float32, [None])]
    return [error(each)[0] for each in (
        lambda: module.build_ring_all_reduce(tensors[:1], 1, 1, [0], tf.add),
        lambda: module.build_ring_all_reduce(tensors, 1, 4, [0, 1, 2], tf.add),
        lambda: module.build_recursive_hd_all_reduce(tensors, tf.add),
        lambda: module.build_shuffle_all_reduce([], ["/cpu:0"], tf.add_n),
        lambda: module.build_shuffle_all_reduce(unlike[:0:-3], ["/cpu:0"], tf.add_n),
        lambda: module.build_nccl_all_reduce(tensors, tf.subtract),
        lambda: module.build_shuffle_then_ring(tensors, [], 1, tf.add_n, tf.add),
    )]  # fmt: skip
