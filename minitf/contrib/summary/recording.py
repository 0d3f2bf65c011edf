"""Whether summaries are written: `tf.contrib.summary.always_record_summaries` and its kin."""
from minitf.core.eager import executing_eagerly
from minitf.core.graph import device
from minitf.ops.math.elementwise import equal, logical_and
from minitf.summary.to_files import context, record_if
from minitf.train.global_step import get_or_create_global_step


def should_record_summaries():
    """A bool tensor: whether summaries are written here. Not unless a scope says so."""
    return logical_and(True, _condition())


def _condition():
    found = False if context.recording is None else context.recording
    return found() if callable(found) else found


def known_condition():
    """The same where it is known while building, None where a tensor says it."""
    found = _condition()
    return found if isinstance(found, bool) else None


def always_record_summaries():
    """A context manager in which summaries are written."""
    return record_if(True)


def never_record_summaries():
    """A context manager in which none is written."""
    return record_if(False)


def record_summaries_every_n_global_steps(n, global_step=None):
    """A context manager in which summaries are written in each n-th step."""
    step = get_or_create_global_step() if global_step is None else global_step

    def is_nth():
        with device("cpu:0"):
            return equal(step % n, 0)

    return record_if(is_nth if executing_eagerly() else is_nth())
