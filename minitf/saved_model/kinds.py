"""What a SavedModel says of objects beside what a checkpoint has: their kind, their functions.

Each kind of object says it by functions registered beside its class, as for checkpoints.
"""

import functools
import inspect

from minitf.core.proto.saved_object_graph import SavedUserObject
from minitf.core.trackable import Contents, Trackable, children
from minitf.eager.concrete import ConcreteFunction
from minitf.eager.function import Function
from minitf.saved_model.signature_map import SignatureMap
from minitf.train.object_graph import has_slots


@functools.singledispatch
def described(item):
    """(identifier, metadata) of an object that has others."""
    return "optimizer" if has_slots(item) else "_generic_user_object", ""


@functools.singledispatch
def functions_of(item, cache):
    """{name: function} of the functions that an object has: those among its attributes. `cache` is
    a dictionary for what is made once for all objects that are saved together."""
    kinds = (Function, ConcreteFunction)
    return {name: getattr(item, name) for name in dir(item)
            if isinstance(inspect.getattr_static(item, name, None), kinds)}  # fmt: skip


@functools.singledispatch
def extras(item, cache):
    """{name: object} of objects that a SavedModel has below another, and a checkpoint has not."""
    return {}


described.register(SignatureMap, lambda item: ("signature_map", ""))
functions_of.register(SignatureMap, lambda item, cache: dict(item))
children.register(SignatureMap, lambda item: ())


@described.register(Contents)
def _(item):
    is_list = isinstance(item.value, list)
    return ("trackable_list_wrapper" if is_list else "trackable_dict_wrapper"), ""


@functions_of.register(Contents)
def _(item, cache):
    pairs = item.value.items() if isinstance(item.value, dict) else enumerate(item.value)
    return {str(key): each for key, each in pairs if isinstance(each, (Function, ConcreteFunction))}


class Bundle(Trackable):
    """Objects and functions by names, below an object that has others."""

    def __init__(self, objects, functions):
        self.objects, self.functions = objects, functions


children.register(Bundle, lambda item: item.objects.items())
functions_of.register(Bundle, lambda item, cache: item.functions)


def user_object(item):
    """The SavedUserObject of an object."""
    identifier, metadata = described(item)
    made = SavedUserObject(identifier=identifier, metadata=metadata)
    made.version.producer = made.version.min_consumer = 1
    return made
