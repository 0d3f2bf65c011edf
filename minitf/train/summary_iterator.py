"""`tf.train.summary_iterator`: what an event file has."""
from minitf.core.file_errors import translated
from minitf.lib import records
from minitf.summary.messages import Event


def summary_iterator(path):
    """Each `tf.Event` of an event file. DataLossError where it is damaged or breaks off,
    NotFoundError where there is none."""
    with translated(path):
        file = open(path, "rb")  # noqa: SIM115  closed below
    with file:
        for piece in records.read(file, path):
            yield Event.FromString(piece)
