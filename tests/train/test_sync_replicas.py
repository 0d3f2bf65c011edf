"""tf.train.SyncReplicasOptimizer in threads and monitored sessions of one process."""
import threading

import numpy as np
import pytest

import minitf as tf


def built(replicas, **options):
    step = tf.train.get_or_create_global_step()
    v = tf.get_variable("v", initializer=[1.0, 2.0])
    x = tf.placeholder(tf.float32, [2], "x")
    optimizer = tf.train.SyncReplicasOptimizer(
        tf.train.GradientDescentOptimizer(0.1), replicas, **options
    )
    return step, v, x, optimizer, optimizer.minimize(tf.reduce_sum(v * x), global_step=step)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_one_replica_in_a_monitored_session():
    with tf.Graph().as_default():
        step, _, x, optimizer, train = built(1)
        hooks = [optimizer.make_session_run_hook(True), tf.train.StopAtStepHook(last_step=4)]
        seen = []
        # The chief's thread waits for gradients till the session is closed.
        with tf.train.MonitoredTrainingSession(hooks=hooks, stop_grace_period_secs=1) as sess:
            while not sess.should_stop():
                seen.append(sess.run([train, step], {x: [1.0, 2.0]})[0])
        for thread in threading.enumerate():
            if thread.name.startswith("QueueRunnerThread"):
                thread.join(10)  # it is told that its run is cancelled, which nobody hears of
    assert seen == sorted(seen) and seen[-1] >= 3  # each read before or after the update


def test_two_replicas_are_threads():
    with tf.Graph().as_default():
        step, v, x, optimizer, train = built(2)
        with tf.Session() as sess:
            sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
            sess.run(optimizer.chief_init_op)
            coord = tf.train.Coordinator()
            optimizer.get_chief_queue_runner().create_threads(sess, coord, start=True, daemon=True)

            def replica(value):
                for _ in range(5):
                    sess.run(train, {x: [value, 0.0]})

            threads = [threading.Thread(target=replica, args=[value]) for value in (1.0, 3.0)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(30)
            assert sess.run(step) == 5
            np.testing.assert_allclose(sess.run(v), [0.0, 2.0], atol=1e-6)
            coord.request_stop()


def test_averages_follow_the_variables():
    with tf.Graph().as_default():
        average = tf.train.ExponentialMovingAverage(0.5)
        v = tf.get_variable("v", initializer=[1.0, 2.0])
        with tf.variable_scope(tf.get_variable_scope(), reuse=tf.AUTO_REUSE):
            _, _, x, optimizer, train = built(
                1, variable_averages=average, variables_to_average=[v]
            )
        with tf.Session() as sess:
            sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
            sess.run(optimizer.chief_init_op)
            sess.run(optimizer.get_init_tokens_op())
            sess.run(train, {x: [10.0, 0.0]})
            sess.run(optimizer.get_chief_queue_runner().enqueue_ops[0])
            np.testing.assert_allclose(sess.run(average.average(v)), [0.5, 2.0])
