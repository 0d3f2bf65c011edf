"""Operations and tensors by their names, or by what a function says of them."""
import functools
import re

from minitf.contrib.graph_editor.util import make_list_of_op, make_list_of_t
from minitf.core.graph import Graph


def filter_ts(ops, positive_filter):
    """The inputs and outputs of `ops` for which `positive_filter(tensor)` holds; all if True."""
    ops = make_list_of_op(ops)
    found = [tensor for operation in ops for tensor in operation.inputs]
    found += [tensor for operation in ops for tensor in operation.outputs]
    return _filtered(dict.fromkeys(found), positive_filter)


def filter_ops(ops, positive_filter):
    """Those of `ops` for which `positive_filter(op)` holds; all if it is True."""
    return _filtered(make_list_of_op(ops), positive_filter)


def _filtered(items, positive_filter):
    return [item for item in items if positive_filter is True or positive_filter(item)]


def filter_ts_from_regex(ops, regex):
    """The inputs and outputs of `ops` in whose names `regex`, text or compiled, is found."""
    return filter_ts(ops, _names(regex))


def filter_ops_from_regex(ops, regex):
    """Those of `ops` in whose names `regex`, text or compiled, is found."""
    return filter_ops(ops, _names(regex))


def get_name_scope_ops(ops, scope):
    """Those of `ops` in a name scope, and the one that is named so."""
    return filter_ops_from_regex(ops, f"^{scope.removesuffix('/')}(/.*)?$")


def can_be_regex(obj):
    """Whether it is text or a compiled regular expression."""
    return isinstance(obj, (str, re.Pattern))


def make_regex(obj):
    """A compiled regular expression. ValueError for what is neither text nor one."""
    if not can_be_regex(obj):
        raise ValueError(f"Expected a string or a regex, got: {type(obj)}")
    return re.compile(obj)


def _names(regex):
    pattern = make_regex(regex)
    return lambda item: pattern.search(item.name)


def select_ops(*args, **kwargs):
    """The operations that `args` name: lists of them, or regular expressions for those of `graph`.

    An expression that begins with "(?#ts)" is for tensors; where `restrict_ops_regex` only those
    with "(?#ops)" are for operations. Each has to satisfy `positive_filter`, if there is one.
    ValueError for other keywords, and for an expression without a graph.
    """
    options = _options(kwargs)
    listed = functools.partial(make_list_of_op, ignore_ts=True)
    wanted = options["restrict_ops_regex"] and "ops"
    return _selected(args, options, "ts", wanted, filter_ops_from_regex, listed)


def select_ts(*args, **kwargs):
    """As `select_ops`, for tensors; where `restrict_ts_regex` only expressions that begin with
    "(?#ts)" are for them."""
    options = _options(kwargs)
    listed = functools.partial(make_list_of_t, ignore_ops=True)
    wanted = options["restrict_ts_regex"] and "ts"
    return _selected(args, options, "ops", wanted, filter_ts_from_regex, listed)


def select_ops_and_ts(*args, **kwargs):
    """(`select_ops`, `select_ts`) of the same arguments, where expressions for tensors say so."""
    ops = select_ops(*args, restrict_ops_regex=False, **kwargs)
    return ops, select_ts(*args, restrict_ts_regex=True, **kwargs)


def _options(given):
    options = {"graph": None, "positive_filter": None, "restrict_ops_regex": False,
               "restrict_ts_regex": False}  # fmt: skip
    for name in given:
        if name not in options:
            raise ValueError(f"Wrong keywords argument: {name}.")
    options.update(given)
    if options["graph"] is not None and not isinstance(options["graph"], Graph):
        raise TypeError(f"Expected a tf.Graph, got: {type(options['graph'])}")
    return options


def _selected(args, options, other, wanted, by_name, as_list):
    holds, found = options["positive_filter"] or (lambda item: True), {}
    for arg in args:
        if not can_be_regex(arg):
            found.update(dict.fromkeys(filter(holds, as_list(arg))))
            continue
        if options["graph"] is None:
            raise ValueError("Use the keyword argument 'graph' to use regex.")
        pattern = re.compile(arg).pattern
        if pattern.startswith(f"(?#{other})") or (
            wanted and not pattern.startswith(f"(?#{wanted})")
        ):
            continue
        found.update(dict.fromkeys(filter(holds, by_name(options["graph"], arg))))
    return list(found)
