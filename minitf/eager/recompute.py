"""`tf.recompute_grad`: less memory for more work."""
import functools

from minitf.core.graph import control_dependencies
from minitf.eager.backprop import GradientTape
from minitf.ops.control_flow.custom_gradient import custom_gradient


def recompute_grad(f):
    """Decorator: what `f(*tensors)` computes on the way to its result, a tensor, is not kept for
    its gradient, but computed again when that is."""

    @functools.wraps(f)
    @custom_gradient
    def recomputed(*args, **kwargs):
        def grad(dresult, variables=None):
            sources = [*args, *(variables or ())]
            with GradientTape() as tape, control_dependencies([dresult]):
                tape.watch(sources)
                result = f(*args, **kwargs)
            grads = tape.gradient(result, sources, output_gradients=[dresult])
            of_args, of_variables = grads[: len(args)], grads[len(args) :]
            return of_args if variables is None else (of_args, of_variables)

        return f(*args, **kwargs), grad

    return recomputed
