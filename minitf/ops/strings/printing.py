"""tf.print: values of tensors, as text, where a run comes by."""
import logging
import os
import pprint
import random
import sys

from minitf.core import nest
from minitf.core.dtypes import string
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.shape_rules import unknown
from minitf.core.sparse_tensor import SparseTensor
from minitf.core.tensor import Tensor, is_tensor
from minitf.logging import get_logger
from minitf.ops.strings.numbers import string_format

LEVELS = {"info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


@op("PrintV2", shape=unknown, grad=NOT_DIFFERENTIABLE, stateful=True, host=True)
def print_op(xp, input: string, *, output_stream="stderr", end="\n") -> None:
    """The string goes to a stream, to a log, or to the end of a file."""
    text = (input if isinstance(input, bytes) else input.item()).decode(errors="replace")
    if output_stream in ("stdout", "stderr"):
        print(text, end=end, file=getattr(sys, output_stream), flush=True)
    elif output_stream.startswith("file://"):
        with open(output_stream[len("file://") :], "a") as file:
            file.write(text + end)
    else:
        get_logger().log(LEVELS[output_stream[len("log(") : -1]], text)


def print_v2(*inputs, **kwargs):
    """An operation that prints `inputs`, tensors and other values in any nesting, each time it
    runs; where operations run at once, and in a tf.function, it prints there and then.

    `output_stream` is sys.stderr (the default), sys.stdout, a function or level of tf.logging, or
    "file://<path>"; `summarize` how many elements at both ends of each axis are shown (3; -1 for
    all), `sep` what stands between the inputs, `end` at the end. ValueError for other keywords and
    streams.
    """
    stream = _stream(kwargs.pop("output_stream", sys.stderr))
    name, summarize = kwargs.pop("name", None), kwargs.pop("summarize", 3)
    sep, end = kwargs.pop("sep", " "), kwargs.pop("end", os.linesep)
    if kwargs:
        raise ValueError(f"Unrecognized keyword arguments for tf.print: {kwargs}")
    text = _text(inputs, sep, summarize, f"{name}_format" if name else None)
    return print_op(text, output_stream=stream, end=end, name=name)


def _stream(given):
    """What an op calls a stream."""
    if isinstance(given, str) and given.startswith("file://"):
        return given
    if given is sys.stdout or given is sys.stderr:
        return "stdout" if given is sys.stdout else "stderr"
    named = getattr(given, "__name__", "")  # of a function such as tf.logging.info
    for level, number in LEVELS.items():
        if given == number or named == level or (named == "warn" and level == "warning"):
            return f"log({level})"
    raise ValueError(
        f"Unsupported output stream, logging level, or file.{given}. Supported streams are "
        "sys.stdout, sys.stderr, tf.logging.info, tf.logging.warning, tf.logging.error. File needs "
        "to be in the form of 'file://<filepath>'."
    )


def _text(inputs, sep, summarize, name):
    if len(inputs) == 1 and isinstance(inputs[0], Tensor):
        (alone,) = inputs
        if alone.shape.ndims == 0 and alone.dtype == string:
            return alone
    without = nest.map_structure(lambda x: "" if is_tensor(x) else x, inputs)
    placeholder = _absent_from(" ".join(map(pprint.pformat, without)))
    tensors = []
    template = sep.join([_template(each, placeholder, tensors) for each in inputs])
    template = template.replace(f"'{placeholder}'", placeholder)
    return string_format(template, tensors, placeholder, summarize, name)


def _absent_from(text):
    """A placeholder that does not stand in the text."""
    placeholder, digits = "{}", random.Random(5)
    while placeholder in text:
        placeholder += str(digits.randint(0, 9))
    return placeholder


def _template(value, placeholder, tensors):
    """The text of one input, a placeholder for each of its tensors, which are noted."""
    if isinstance(value, str):
        return value

    def shown(leaf):
        if isinstance(leaf, SparseTensor):
            tensors.extend([leaf.indices, leaf.values, leaf.dense_shape])
            return f"SparseTensor(indices={placeholder}, values={placeholder}, shape={placeholder})"
        if is_tensor(leaf):
            tensors.append(leaf)
            return placeholder
        return leaf

    return pprint.pformat(nest.map_structure(shown, value))
