"""What `if` comes to in the `call` of a layer, where what it asks may be a tensor.

A layer of one's own may ask `if training:` of a tensor that only a run has a value for. Its `call`
is built anew (see branching_code.py) so that it asks the functions here, which make a tf.cond of
what is a tensor of a graph, and decide at once what is not.
"""
import minitf as tf

nest = tf.nest


class _Unset:
    """The value of a name that has none yet."""

    def __repr__(self):
        return "a name without a value"


UNSET = _Unset()


def value_of(read):
    """What `read()` returns, or UNSET if the name that it reads has no value."""
    try:
        return read()
    except NameError:
        return UNSET


def _is_open(test):
    """Whether the test is decided in the run."""
    return isinstance(test, tf.Tensor) and not tf.executing_eagerly()


def choose(test, true, false):
    """What the one function returns, or the other."""
    if not _is_open(test):
        return true() if test else false()
    return tf.cond(tf.cast(test, tf.bool), true, false)


def choose_to_return(test, true, false, get, put):
    """As `choose`, where the functions may change names: `put` gives them what `get` said."""
    if not _is_open(test):
        return true() if test else false()
    before = get()

    def from_before(function):
        put(before)
        return function()

    return tf.cond(
        tf.cast(test, tf.bool), lambda: from_before(true), lambda: from_before(false)
    )


def choose_to_do(names, test, true, false, get, put):
    """Do what the one function does, or the other; the names that they change get the tensors that
    are chosen in the run. ValueError for a name that only one of them gives a value."""
    if not _is_open(test):
        (true if test else false)()
        return
    before = get()

    def done(function):
        put(before)
        function()
        after = get()
        for name, value in zip(names, after):
            if value is UNSET:
                raise ValueError(f"'{name}' has a value in one branch of an `if` of a tensor, and "
                                 "none in the other: give it one before")  # fmt: skip
        return nest.map_structure(tf.convert_to_tensor, after)

    put(tf.cond(tf.cast(test, tf.bool), lambda: done(true), lambda: done(false), strict=True))


def negated(value):
    """`not value`."""
    return tf.logical_not(tf.cast(value, tf.bool)) if _is_open(value) else not value


def both(first, *rest):
    """`first() and ...`, of functions."""
    value = first()
    for read in rest:
        if _is_open(value):
            value = tf.logical_and(tf.cast(value, tf.bool), tf.cast(read(), tf.bool))
        elif value:
            value = read()
        else:
            return value
    return value


def either(first, *rest):
    """`first() or ...`, of functions."""
    value = first()
    for read in rest:
        if _is_open(value):
            value = tf.logical_or(tf.cast(value, tf.bool), tf.cast(read(), tf.bool))
        elif not value:
            value = read()
        else:
            return value
    return value
