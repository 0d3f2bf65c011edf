"""`slim.summaries`: summaries named after the tensors they are of."""
from minitf import summary
from minitf.core.graph import add_to_collection
from minitf.core.graph_keys import GraphKeys
from minitf.nn.normal import zero_fraction
from minitf.ops.control_flow.control import Print


def _name(tensor, name=None, prefix=None, postfix=None):
    return "/".join(part for part in (prefix, name or tensor.op.name, postfix) if part)


def add_histogram_summary(tensor, name=None, prefix=None):
    """A histogram, named `prefix`/`name`, where the name is the tensor's by default."""
    return summary.histogram(_name(tensor, name, prefix), tensor)


def add_image_summary(tensor, name=None, prefix=None, print_summary=False):
    """Images [batch, height, width, channels]; `print_summary` prints the tensor in each run."""
    name = _name(tensor, name, prefix)
    made = summary.image(name, tensor, collections=[] if print_summary else None)
    return _printed(made, tensor, name) if print_summary else made


def add_scalar_summary(tensor, name=None, prefix=None, print_summary=False):
    """A number; `print_summary` prints it in each run."""
    name = _name(tensor, name, prefix)
    made = summary.scalar(name, tensor, collections=[] if print_summary else None)
    return _printed(made, tensor, name) if print_summary else made


def _printed(made, tensor, name):
    made = Print(made, [tensor], name)
    add_to_collection(GraphKeys.SUMMARIES, made)
    return made


def add_zero_fraction_summary(tensor, name=None, prefix=None, print_summary=False):
    """Which part of the elements is 0."""
    name = _name(tensor, name, prefix, "Fraction_of_Zero_Values")
    return add_scalar_summary(zero_fraction(tensor), name, print_summary=print_summary)


def add_histogram_summaries(tensors, prefix=None):
    """A histogram of each tensor."""
    return [add_histogram_summary(tensor, prefix=prefix) for tensor in tensors]


def add_image_summaries(tensors, prefix=None):
    """The images of each tensor."""
    return [add_image_summary(tensor, prefix=prefix) for tensor in tensors]


def add_scalar_summaries(tensors, prefix=None, print_summary=False):
    """The number that each tensor is."""
    return [
        add_scalar_summary(tensor, prefix=prefix, print_summary=print_summary)
        for tensor in tensors
    ]


def add_zero_fraction_summaries(tensors, prefix=None):
    """Which part of each tensor's elements is 0."""
    return [add_zero_fraction_summary(tensor, prefix=prefix) for tensor in tensors]
