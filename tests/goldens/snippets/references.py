"""Tensor.experimental_ref and its kin, tf.executing_eagerly, Server.server_def."""

from goldens.kit import error


def references(tf, np):
    t, v = tf.constant(1.0, name="t"), tf.Variable(1.0, name="v")
    one = t.experimental_ref()
    return [
        one.deref() is t, one == t.experimental_ref(), one == v.experimental_ref(),
        len({one, t.experimental_ref(), v.experimental_ref()}), repr(v.experimental_ref())[:20],
        error(lambda: one == 3), v.experimental_ref().deref() is v,
    ]  # fmt: skip


def operators(tf, np):
    return [sorted(tf.Tensor.OVERLOADABLE_OPERATORS), tf.executing_eagerly()]


def servers(tf, np):
    server = tf.train.Server.create_local_server(start=False)
    made = tf.train.Server(tf.train.ServerDef(cluster=server.server_def.cluster, job_name="local",
                                              protocol="grpc"), start=False)  # fmt: skip
    found = server.server_def
    return [found.job_name, found.task_index, found.protocol, [j.name for j in found.cluster.job],
            made.server_def.job_name]  # fmt: skip
