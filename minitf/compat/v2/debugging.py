"""`tf.compat.v2.debugging`: Assertions: `message` comes before `summarize`."""
import functools

from minitf.compat.v2.later import later, rest


def nothing(function):
    """A decorator: the same, but None is returned."""

    @functools.wraps(function)
    def run(*args, **kwargs):
        function(*args, **kwargs)

    return run


@later
def assert_all_finite(x, message, name=None): ...


@later
def assert_equal(x, y, message=None, summarize=None, name=None): ...


@later
def assert_greater(x, y, message=None, summarize=None, name=None): ...


@later
def assert_greater_equal(x, y, message=None, summarize=None, name=None): ...


@nothing
@later
def assert_integer(x, message=None, name=None): ...


@later
def assert_less(x, y, message=None, summarize=None, name=None): ...


@later
def assert_less_equal(x, y, message=None, summarize=None, name=None): ...


@later
def assert_near(x, y, rtol=None, atol=None, message=None, summarize=None, name=None): ...


@later
def assert_negative(x, message=None, summarize=None, name=None): ...


@later
def assert_non_negative(x, message=None, summarize=None, name=None): ...


@later
def assert_non_positive(x, message=None, summarize=None, name=None): ...


@later
def assert_none_equal(x, y, summarize=None, message=None, name=None): ...


@later
def assert_positive(x, message=None, summarize=None, name=None): ...


@later
def assert_rank(x, rank, message=None, name=None): ...


@later
def assert_rank_at_least(x, rank, message=None, name=None): ...


@later
def assert_rank_in(x, ranks, message=None, name=None): ...


@nothing
@later
def assert_scalar(tensor, message=None, name=None): ...


@nothing
@later
def assert_shapes(shapes, data=None, summarize=None, message=None, name=None): ...


@nothing
@later
def assert_type(tensor, tf_type, message=None, name=None): ...


__getattr__ = rest(__name__)
