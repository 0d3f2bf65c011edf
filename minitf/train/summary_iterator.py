"""`tf.train.summary_iterator`: what an event file has."""
from minitf.python_io import tf_record_iterator
from minitf.summary.messages import Event


def summary_iterator(path):
    """Each `tf.Event` of an event file. DataLossError where it is damaged or breaks off,
    NotFoundError where there is none."""
    for piece in tf_record_iterator(path):
        yield Event.FromString(piece)
