"""tf.contrib.bayesflow.monte_carlo, and writers of summaries that write nothing."""

import unittest

from goldens.kit import error, inside, run


def expectations(tf, np):
    of = tf.contrib.bayesflow.monte_carlo.expectation
    scale = tf.constant([1.0, 2.0])
    samples = scale * np.sin(np.arange(12, dtype=np.float32)).reshape(6, 2)
    square = lambda x: x**2  # noqa: E731
    log_prob = lambda x: -tf.log(scale) - x**2 / scale  # noqa: E731
    made = [of(square, samples), of(square, samples, log_prob, False),
            of(square, samples, log_prob, False, axis=None, name="named"),
            of(square, samples, axis=[1], keep_dims=True)]  # fmt: skip
    slopes = [tf.gradients(y, scale)[0] for y in made]
    return [[y.name for y in made], *run(tf, [made, slopes]), error(lambda: of(3, samples)),
            error(lambda: of(square, samples, None, False))]  # fmt: skip


def sampled_by_importance(tf, np):
    of = tf.contrib.bayesflow.monte_carlo
    p, q = tf.distributions.Normal([0.0, 1.0], 1.0), tf.distributions.Normal([0.5, 0.5], 2.0)
    z = tf.constant(np.linspace(-3, 3, 14).reshape(7, 2).astype(np.float32))
    one, log_one = of.expectation_importance_sampler, of.expectation_importance_sampler_logspace
    made = [one(lambda x: x**3 - 1.0, p.log_prob, q, z=z), log_one(lambda x: x, p.log_prob, q, z=z),
            one(tf.abs, p.log_prob, q, n=20000, seed=3), log_one(tf.sin, p.log_prob, q, n=3,
    )]  # fmt: skip
    values = run(tf, made)
    return [[y.name for y in made], values[:2], np.round(values[2], 1), str(made[3].shape),
            error(lambda: one(tf.abs, p.log_prob, q)),
            error(lambda: log_one(tf.abs, p.log_prob, q, z, 3,
    ))]  # fmt: skip


def writers_that_write_nothing(tf, np):
    fake, case = tf.contrib.testing.FakeSummaryWriter, unittest.TestCase()
    cache = inside(tf, "python.summary.writer.writer_cache").FileWriterCache
    twice = error(fake.uninstall)
    fake.install()
    try:
        step = tf.train.create_global_step()
        train = tf.assign_add(step, 2)
        tf.summary.scalar("at", 2.0)
        hook = tf.train.SummarySaverHook(save_steps=1, output_dir="nowhere",
                                         summary_op=tf.summary.merge_all())  # fmt: skip
        with tf.train.MonitoredSession(hooks=[hook]) as session:
            session.run(train)
            session.run(train)
        writer, again = cache.get("nowhere"), error(fake.install)
    finally:
        fake.uninstall()
        cache.clear()
    checks = [{"expected_logdir": "nowhere"}, {"expected_logdir": "other"},
              {"expected_graph": step.graph}, {"expected_summaries": {2: {"at": 2.0}}},
              {"expected_summaries": {9: {}}}, {"expected_summaries": {2: {"at": 3.0}}},
              {"expected_added_graphs": []}, {"expected_added_meta_graphs": []},
              {"expected_session_logs": []}]  # fmt: skip
    return [twice, again, isinstance(writer, fake), sorted(writer.summaries),
            [error(lambda c=c: writer.assert_summaries(case, **c)) for c in checks],
            error(lambda: writer.add_graph(None, -1)),
            error(lambda: writer.add_graph(None, 1, "d")),
            error(lambda: writer.add_run_metadata(None, "tag", -1))]  # fmt: skip
