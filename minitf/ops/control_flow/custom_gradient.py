"""`tf.custom_gradient`: a function of tensors that brings its own gradient."""
import functools
import inspect
import warnings

from minitf.core import nest
from minitf.core.convert import convert_to_tensor
from minitf.core.eager import VariablesRead, executing_eagerly, listening, unheard
from minitf.core.graph import get_collection, get_default_graph
from minitf.core.graph_keys import GraphKeys
from minitf.core.op import NOT_DIFFERENTIABLE
from minitf.ops.array.basics import identity
from minitf.ops.control_flow.control import identity_n
from minitf.ops.state.variable_scope import get_variable_scope


def custom_gradient(f):
    """Decorator: `f(*tensors)` returns `(result, grad_fn)`, and tf.gradients calls `grad_fn`.

    result: a tensor, or a nesting of them. `grad_fn(*dys)` gets a gradient for each and returns
    one, or None, for each argument of `f`. Where `f` uses trainable variables, `grad_fn` is also
    given `variables=`, a list, and returns `(of the arguments, of the variables)`: TypeError when
    it does not take them, or takes them and there are none (outside scopes with `use_resource`).
    ValueError for keyword arguments.
    """

    @functools.wraps(f)
    def decorated(*args, **kwargs):
        if executing_eagerly():
            return _at_once(f, args, kwargs)
        return _graph_mode_decorator(f, *args, **kwargs)

    decorated._custom_gradient_of = f
    return decorated


def grad_pass_through(f):
    """Decorator: `f(*tensors)` with the gradient of the identity, whatever it computes; variables
    that it uses get none. What it returns is of the structure of its arguments."""

    @functools.wraps(f)
    @custom_gradient
    def passed(*args, **kwargs):
        def grad(*dys, variables=None):
            return dys if variables is None else (dys, [None] * len(variables))

        return f(*args, **kwargs), grad

    return passed


def _graph_mode_decorator(f, *args, **kwargs):
    """The result where nodes are built. TensorFlow's name, which programs call for themselves."""
    if kwargs:
        raise ValueError(
            "The custom_gradient decorator currently supports keywords arguments only when "
            f"eager execution is enabled: {f.__name__} got {sorted(kwargs)}"
        )
    tensors = [convert_to_tensor(value) for value in args]
    result, grad_fn = f(*tensors)
    outputs = [convert_to_tensor(value) for value in nest.flatten(result)]
    variables = _variables_between(tensors, [identity(output) for output in outputs])
    _check_signature(grad_fn, variables)
    return nest.pack_sequence_as(result, joined(outputs, tensors, variables, grad_fn))


def _at_once(f, args, kwargs):
    """The result where operations run at once: the variables are those that `f` reads."""
    tensors = [convert_to_tensor(value) for value in args]
    reads = VariablesRead()
    with unheard(), listening(reads):
        result, grad_fn = f(*tensors, **kwargs)
    outputs = [convert_to_tensor(value) for value in nest.flatten(result)]
    _check_signature(grad_fn, reads.variables)
    return nest.pack_sequence_as(result, joined(outputs, tensors, reads.variables, grad_fn))


def joined(outputs, inputs, variables, grad_fn, name=None):
    """The outputs, by way of a node whose inputs are also what gradients flow back into."""
    count = len(outputs)

    def gradient(_, *dys):
        inside = [None] * count  # not through what computed the outputs
        if not variables:
            return inside + nest.flatten(grad_fn(*dys[:count]))
        of_inputs, of_variables = grad_fn(*dys[:count], variables=variables)
        if len(of_variables) != len(variables):
            raise ValueError(
                f"Must return gradient for each variable from @custom_gradient grad_fn: "
                f"{len(variables)} variables, got {len(of_variables)}"
            )
        return inside + nest.flatten(of_inputs) + list(of_variables)

    passed = identity_n([*outputs, *inputs, *variables], name=name)
    passed[0].op.gradient_override = gradient
    return passed[:count]


def _variables_between(inputs, outputs):
    """The trainable variables that outputs depend on other than through inputs, and that gradients
    flow back to."""
    stack, seen, found = list(outputs), set(inputs), set()
    while stack:
        tensor = stack.pop()
        if tensor not in seen:
            seen.add(tensor)
            found.add(tensor.op)
            if tensor.op.definition.grad not in (None, NOT_DIFFERENTIABLE):
                stack += tensor.op.inputs
    variables = get_collection(GraphKeys.GLOBAL_VARIABLES)
    graph = get_default_graph()
    outside = graph.owners() if graph.building_function else {}
    read = [variable for node, variable in outside.items() if node.op in found]
    return [v for v in [*(v for v in variables if v.op in found), *read] if v.trainable]


def _check_signature(grad_fn, variables):
    # What is decorated, too, has second derivatives; it takes what the function inside takes.
    spec = inspect.getfullargspec(getattr(grad_fn, "_custom_gradient_of", grad_fn))
    takes = "variables" in spec.args or "variables" in spec.kwonlyargs or bool(spec.varkw)
    if variables and not takes:
        raise TypeError(
            "If using @custom_gradient with a function that uses variables, then grad_fn must "
            f"accept a keyword argument 'variables': it uses {[v.name for v in variables]}."
        )
    if takes and not variables:
        if not executing_eagerly() and not get_variable_scope().use_resource:
            raise TypeError(
                "If using @custom_gradient with a function that uses variables, the enclosing "
                "variable scope must have use_resource=True."
            )
        warnings.warn(
            "@custom_gradient grad_fn has 'variables' in signature, but no variables were used on "
            "the forward pass.",
            stacklevel=3,
        )
