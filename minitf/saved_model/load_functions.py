"""The functions of a SavedModel of objects, as functions of the program that has loaded it."""

import functools
import inspect

from minitf.core import nest
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import get_default_graph
from minitf.core.operation import Operation
from minitf.core.shallow import flatten_up_to
from minitf.core.sparse_tensor import SparseTensor
from minitf.core.tensor import is_tensor
from minitf.core.tensor_spec import SparseTensorSpec, TensorSpec, TypeSpec
from minitf.eager.arguments import spec_of
from minitf.eager.concrete import ConcreteFunction
from minitf.eager.function import Function
from minitf.graph_util.functions import Functions
from minitf.graph_util.importer import build_inside
from minitf.ops.state.init_scope import init_scope
from minitf.saved_model.structures import decoded


class Library:
    """The functions by their names: `messages` say how they are called, `captured(number)` gives
    the tensor that an object of this number is."""

    def __init__(self, library, messages, captured):
        self._functions = Functions(library, build_inside)
        self._messages, self._captured, self._concrete = messages, captured, {}

    def concrete(self, name):
        """The function of this name."""
        if name not in self._concrete:
            self._concrete[name] = Loaded(self, name, self._messages[name])
        return self._concrete[name]

    def names(self, name, captured):
        """The names of its arguments, without so many at the end."""
        found = [arg.name for arg in self._functions.by_name[name].signature.input_arg]
        return found[: len(found) - captured]

    def build(self, name, tensors, numbers):
        """Nodes of the default graph for a call of the function with tensors, and with objects
        that it has captured; its outputs."""
        graph = get_default_graph()
        given = [*tensors, *(inside(graph, self._captured(number)) for number in numbers)]
        path = graph.unique_name("StatefulPartitionedCall")
        made = self._functions.call(name, {}, given, path)
        return [] if isinstance(made, Operation) else made


def inside(graph, tensor):
    """What stands in the graph for a tensor of outside."""
    return graph.capture(tensor) if graph.building_function else tensor


class Untraced(ConcreteFunction):
    """A function for arguments of certain types and shapes, which is traced when somebody looks for
    what comes of that: most are never called where operations run at once."""

    allowed = None  # how many arguments may be given without a name, all if None

    def _trace(self):
        """Later."""

    def __getattr__(self, name):
        if name not in ("graph", "_returned", "_is_tensor", "_written", "_part"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        with init_scope():
            super()._trace()
        return vars(self)[name]

    def __call__(self, *tensors, **named):
        """What the function gives for these tensors. TypeError for others than it takes."""
        if self.allowed is not None and len(tensors) > self.allowed:
            raise TypeError(
                f"Expected at most {self.allowed} positional arguments (and the rest keywords, of "
                f"{self._keywords}), got {tensors}."
            )
        return super().__call__(*tensors, **named)


class Loaded(Untraced):
    """One of a library."""

    def __init__(self, library, name, message):
        self._library, self._numbers = library, message.bound_inputs
        self.arguments = decoded(message.canonicalized_input_signature)
        self.results = decoded(message.output_signature)
        args, kwargs = nest.map_structure(spec_of, self.arguments)
        super().__init__(self.now, name, args, kwargs)

    structured_input_signature = property(lambda self: self.arguments)
    structured_outputs = property(lambda self: self.results)

    @property
    def _keywords(self):
        specs = [spec for spec in nest.flatten(self.arguments) if isinstance(spec, TypeSpec)]
        names = [getattr(spec, "name", None) for spec in specs]
        return names if all(names) else self._library.names(self.name, len(self._numbers))

    def now(self, *args, **kwargs):
        """What it gives by its operations in the default graph, or one by one."""
        pairs = zip(nest.flatten((args, kwargs)), nest.flatten(self.arguments))
        tensors = [tensor for leaf, spec in pairs if isinstance(spec, TypeSpec)
                   for tensor in nest.flatten(leaf, expand_composites=True)]  # fmt: skip
        made = iter(self._library.build(self.name, tensors, self._numbers))
        return nest.map_structure(lambda spec: _result(spec, made), self.results)

    # -- which arguments it takes ----------------------------------------------------------------

    def tensors(self, args, kwargs, converts):
        """The tensors among the arguments, None where they are not those of the function;
        `converts` what is none."""
        try:
            found = flatten_up_to(self.arguments, (args, kwargs), check_types=False)
        except (TypeError, ValueError):
            return None
        tensors = []
        for value, expected in zip(found, nest.flatten(self.arguments)):
            if not isinstance(expected, TypeSpec):
                if is_tensor(value) or value != expected:
                    return None
                continue
            value = _fitting(value, expected, converts)
            if value is None:
                return None
            tensors += nest.flatten(value, expand_composites=True)
        return tensors


def _result(spec, made):
    if spec is None:
        return None
    if isinstance(spec, SparseTensorSpec):
        return SparseTensor(next(made), next(made), next(made))
    return next(made)


def _fitting(value, spec, converts):
    """A value that is of the spec, None if it is not."""
    if not isinstance(spec, TensorSpec):
        return value if spec.is_compatible_with(value) else None
    if converts and not is_tensor(value):
        value = _converted(value, spec.dtype)
    if not is_tensor(value) or value.dtype.base_dtype != spec.dtype:
        return None
    return value if spec.shape.is_compatible_with(value.shape) else None


def _converted(value, dtype):
    try:
        return convert_to_tensor(value, dtype_hint=dtype)
    except (TypeError, ValueError):
        return None


# -- functions of several traces ------------------------------------------------------------------


class RestoredFunction(Function):
    """A tf.function that was loaded: it calls that of its `concrete_functions` which fits the
    arguments; ValueError where none does."""

    def __init__(self, message, library):
        self._names, self._library = message.concrete_functions, library
        spec = message.function_spec
        signature = decoded(spec.input_signature)
        body = _with_arguments(self._found_by, decoded(spec.fullargspec), spec.is_method)
        super().__init__(body, signature, autograph=False)

    @functools.cached_property
    def concrete_functions(self):
        """What it was traced to before it was saved."""
        return [self._library.concrete(name) for name in self._names]

    def __call__(self, *args, **kwargs):
        args, named = self._arguments.bound(args, kwargs)
        return self._found_by(args, {key: named[key] for key in named if key in kwargs})

    def now(self):
        """What the function gives without arguments, by its operations one by one."""
        return self.concrete_functions[0].now()

    def _found_by(self, args, kwargs):
        concrete, tensors = self._matching(args, kwargs)
        return concrete(*tensors)

    def _matching(self, args, kwargs):
        for converts in (False, True):
            for concrete in self.concrete_functions:
                tensors = concrete.tensors(args, kwargs, converts)
                if tensors is not None:
                    return concrete, tensors
        raise ValueError(self._unmatched(args, kwargs))

    def _unmatched(self, args, kwargs):
        options = [
            f"Option {number}:\n  {_listed(*concrete.arguments)}"
            for number, concrete in enumerate(self.concrete_functions, 1)
        ]
        return (
            "Could not find matching function to call loaded from the SavedModel. Got:\n  "
            f"{_listed(args, kwargs)}\n\nExpected these arguments to match one of the following "
            f"{len(options)} option(s):\n\n" + "\n\n".join(options)
        )


def _listed(args, kwargs):
    items = "".join(f"\n    * {each}" for each in args)
    return f"Positional arguments ({len(args)} total):{items}\n  Keyword arguments: {kwargs}"


def _with_arguments(call, spec, is_method):
    """`call(args, kwargs)` as a function with the arguments that a FullArgSpec says."""

    def restored_function_body(*args, **kwargs):
        return call(args, kwargs)

    kinds = inspect.Parameter
    defaults, optional = list(spec.defaults or ()), dict(spec.kwonlydefaults or {})
    names = list(spec.args)
    first = len(names) - len(defaults)
    made = [kinds(name, kinds.POSITIONAL_OR_KEYWORD,
                  default=defaults[i - first] if i >= first else kinds.empty)
            for i, name in enumerate(names)][1 if is_method else 0 :]  # fmt: skip
    if spec.varargs:
        made.append(kinds(spec.varargs, kinds.VAR_POSITIONAL))
    made += [kinds(name, kinds.KEYWORD_ONLY, default=optional.get(name, kinds.empty))
             for name in spec.kwonlyargs or ()]  # fmt: skip
    if spec.varkw:
        made.append(kinds(spec.varkw, kinds.VAR_KEYWORD))
    restored_function_body.__signature__ = inspect.Signature(made)
    return restored_function_body
