"""Candidate samplers, whose numbers are those of a seed, and the losses that use them."""

from goldens.kit import error, run, said, shapes, typed

_TRUE = [[0, 5], [7, 2], [3, 3]]


def _drawn(tf, np, sampler, runs=2, **options):
    """What a sampler returns in each run."""
    true = tf.constant(_TRUE, tf.int64)
    found = list(sampler(true, 2, **options))
    with tf.Session() as sess:
        return [sess.run(found) for _ in range(runs)]


def uniform(tf, np):
    sampler = tf.nn.uniform_candidate_sampler
    return [
        _drawn(tf, np, sampler, num_sampled=6, unique=True, range_max=10, seed=1),
        _drawn(tf, np, sampler, num_sampled=6, unique=False, range_max=10, seed=1),
        _drawn(tf, np, sampler, num_sampled=9, unique=True, range_max=64, seed=2),
        _drawn(tf, np, sampler, num_sampled=10, unique=True, range_max=10, seed=3),
        _drawn(tf, np, sampler, num_sampled=40, unique=True, range_max=10**15, seed=3),
    ]


def log_uniform(tf, np):
    sampler = tf.nn.log_uniform_candidate_sampler
    return [
        _drawn(tf, np, sampler, num_sampled=6, unique=True, range_max=10, seed=1),
        _drawn(tf, np, sampler, num_sampled=7, unique=False, range_max=1000, seed=5),
        _drawn(tf, np, sampler, num_sampled=64, unique=True, range_max=50000, seed=7),
        _drawn(tf, np, sampler, num_sampled=10, unique=True, range_max=10, seed=3),
    ]


def with_a_graph_seed(tf, np):
    tf.set_random_seed(4)
    return _drawn(tf, np, tf.nn.log_uniform_candidate_sampler, num_sampled=6, unique=True,
                  range_max=100)  # fmt: skip


def learned_unigram(tf, np):
    sampler = tf.nn.learned_unigram_candidate_sampler
    return [
        _drawn(tf, np, sampler, 5, num_sampled=6, unique=False, range_max=8, seed=1),
        _drawn(tf, np, sampler, 4, num_sampled=6, unique=True, range_max=11, seed=2),
    ]


def fixed_unigram(tf, np):
    sampler, unigrams = tf.nn.fixed_unigram_candidate_sampler, [1.0, 4, 0.5, 2, 3, 7, 1, 0.25]
    options = {"range_max": 8, "unigrams": unigrams, "seed": 1}
    return [
        _drawn(tf, np, sampler, num_sampled=30, unique=False, **options),
        _drawn(tf, np, sampler, num_sampled=6, unique=True, distortion=0.75, **options),
        _drawn(tf, np, sampler, num_sampled=5, unique=True, range_max=10, unigrams=unigrams,
               num_reserved_ids=2, seed=9),
        _drawn(tf, np, sampler, num_sampled=9, unique=False, range_max=4, unigrams=unigrams,
               num_shards=2, shard=1, num_reserved_ids=1, seed=3)[0][::2],
    ]  # fmt: skip


def fixed_unigram_of_a_file(tf, np):
    import os
    import tempfile

    path = os.path.join(tempfile.mkdtemp(), "words.csv")
    with open(path, "w") as file:
        file.write("a,3\nb,x,1.5\nc,0.5\nd,4\ne,4\nf,4\ng,1\nh,2\n")
    sampler = tf.nn.fixed_unigram_candidate_sampler
    return _drawn(tf, np, sampler, num_sampled=12, unique=False, range_max=8, vocab_file=path,
                  seed=6)  # fmt: skip


def all_candidates(tf, np):
    return _drawn(tf, np, tf.nn.all_candidate_sampler, 1, num_sampled=8, unique=True)


def accidental_hits(tf, np):
    found = tf.nn.compute_accidental_hits(tf.constant(_TRUE, tf.int64), [3, 9, 0, 5], 2)
    none = tf.nn.compute_accidental_hits(tf.constant(_TRUE, tf.int64), [10], 2)
    return run(tf, [list(found), list(none)]) + shapes(*found)


def names(tf, np):
    true = tf.placeholder(tf.int64, [None, 1])
    found = tf.nn.log_uniform_candidate_sampler(true, 1, 4, True, 10)
    tf.nn.uniform_candidate_sampler(true, 1, 4, True, 10, name="mine")
    tf.nn.compute_accidental_hits(true, found[0], 1)
    attributes = [found[0].op.get_attr(n) for n in ("num_true", "num_sampled", "range_max")]
    return [typed(tf), shapes(*found), found._fields, attributes, type(found).__name__ != ""]


def refused(tf, np):
    true, sampler = tf.placeholder(tf.int64, [None, 1]), tf.nn.uniform_candidate_sampler
    fixed = tf.nn.fixed_unigram_candidate_sampler
    few = sampler(tf.constant([[1]], tf.int64), 1, 5, True, 4)[0]
    return [
        error(lambda: sampler(true, 1, 0, True, 10)),
        error(lambda: sampler(true, 1, 4, True, 0)),
        error(lambda: sampler(tf.placeholder(tf.int32, [None, 1]), 1, 4, True, 10)),
        error(lambda: sampler(tf.placeholder(tf.int64, [None]), 1, 4, True, 10)),
        said(lambda: run(tf, few), "Sampler's range is too small"),
        error(lambda: run(tf, fixed(tf.constant([[1]], tf.int64), 1, 4, True, 10)[0])) != "",
        error(lambda: tf.gradients(tf.cast(few, tf.float32), true)),
    ]  # fmt: skip


def _model(tf, np, num_true=1):
    """(weights, biases, labels, inputs)"""
    def values(*sizes):
        return np.sin(np.arange(np.prod(sizes)) * 1.7).reshape(sizes).astype(np.float32)

    labels = np.arange(4 * num_true).reshape(4, num_true) * 3 % 20
    return [tf.constant(values(20, 3)), tf.constant(values(20)), tf.constant(labels, tf.int64),
            tf.constant(values(4, 3) * 2)]  # fmt: skip


def _with_gradients(tf, loss, model):
    weights, biases, _, inputs = model
    slopes = [tf.convert_to_tensor(g) for g in tf.gradients(loss * loss, [weights, biases, inputs])]
    return run(tf, [loss] + slopes)


def nce_loss(tf, np):
    tf.set_random_seed(3)
    model = _model(tf, np)
    return _with_gradients(tf, tf.nn.nce_loss(*model, num_sampled=5, num_classes=20), model)


def nce_loss_without_hits(tf, np):
    tf.set_random_seed(3)
    model = _model(tf, np)
    loss = tf.nn.nce_loss(*model, num_sampled=15, num_classes=20, remove_accidental_hits=True)
    return _with_gradients(tf, loss, model)


def nce_loss_of_two(tf, np):
    model = _model(tf, np, 2)
    sampled = tf.nn.uniform_candidate_sampler(model[2], 2, 6, False, 20, seed=8)
    loss = tf.nn.nce_loss(*model, num_sampled=6, num_classes=20, num_true=2, sampled_values=sampled)
    return _with_gradients(tf, loss, model) + [loss.name]


def sampled_softmax_loss(tf, np):
    model = _model(tf, np)
    loss = tf.nn.sampled_softmax_loss(*model, num_sampled=8, num_classes=20, seed=5)
    keep = tf.nn.sampled_softmax_loss(*model, num_sampled=12, num_classes=20, seed=5,
                                      remove_accidental_hits=False)  # fmt: skip
    return [_with_gradients(tf, loss, model), _with_gradients(tf, keep, model), loss.name]


def sampled_softmax_of_parts(tf, np):
    weights, biases, labels, inputs = _model(tf, np)
    parts = [tf.strided_slice(weights, [i], [20], [2]) for i in (0, 1)]
    found = []
    for strategy, table in (("mod", parts), ("div", [weights[:10], weights[10:]])):
        loss = tf.nn.sampled_softmax_loss(
            table, biases, labels, inputs, 7, 20, seed=2, partition_strategy=strategy
        )
        found.append(run(tf, loss))
    return [found, shapes(loss)]


def seeds_behind(tf, np):
    """What is drawn by its place in the graph, behind these losses."""
    tf.set_random_seed(7)
    weights, biases = tf.ones([300, 16]), tf.zeros([300])
    labels = tf.ones([80, 1], tf.int64)
    drawn = []
    for inputs in (tf.ones([80, 16]), tf.placeholder(tf.float32, [None, 16])):
        for loss in (tf.nn.sampled_softmax_loss, tf.nn.nce_loss):
            loss(weights, biases, labels, inputs, 64, 300)
            drawn.append(tf.random_uniform([]))
    return run(tf, drawn)
