"""A convolution and its gradients by its input and by its filter: each is made of the others."""
from minitf.core.tensor_shape import printed
from minitf.nn.windows import agreed, given, ranked
from minitf.ops.array.basics import shape


def gradient_shapes(convolved, what, rank=4):
    """The shape rules of the gradients of `what`, whose own is `convolved`: (by input, by filter).
    """

    def check(input, filter, out_backprop, **window):
        wanted, got = convolved(input, filter, **window), ranked(out_backprop, "out_backprop", rank)
        for a, b in zip(got, wanted):
            agreed(
                a, b, f"the {what} of input {printed(input)} and filter {printed(filter)} has "
                f"outputs {printed(wanted)}, got out_backprop {printed(out_backprop)}",
            )  # fmt: skip

    def by_input(input_sizes, filter, out_backprop, **window):
        found = given(input_sizes, "input_sizes", rank)
        check(found, filter, out_backprop, **window)
        return found

    def by_filter(input, filter_sizes, out_backprop, **window):
        found = given(filter_sizes, "filter_sizes", rank)
        check(input, found, out_backprop, **window)
        return found

    return by_input, by_filter


def differentiate(convolve, by_input, by_filter):
    """Declare the gradients of the three ops."""

    @convolve.gradient
    def _(y, dy, input, filter, **window):
        return (
            lambda: by_input(shape(input), filter, dy, **window),
            lambda: by_filter(input, shape(filter), dy, **window),
        )

    @by_input.gradient
    def _(y, dy, input_sizes, filter, out_backprop, **window):
        return (
            None,
            lambda: by_filter(dy, shape(filter), out_backprop, **window),
            lambda: convolve(dy, filter, **window),
        )

    @by_filter.gradient
    def _(y, dy, input, filter_sizes, out_backprop, **window):
        return (
            lambda: by_input(shape(input), dy, out_backprop, **window),
            None,
            lambda: convolve(input, dy, **window),
        )


def compiled(trait, made, ops, kernels):
    """Declare the kernels of the three ops, "native" or "cuda": `made(kernel, shape of the input,
    shape of the filter, dtype, **window)` is what the trait returns."""
    (convolve, by_input, by_filter), (forward, for_input, for_filter) = ops, kernels

    def of_convolution(inputs, outputs, **window):
        input, filter = inputs
        return made(forward, input.shape, filter.shape, input.dtype, **window)

    def of_input(inputs, outputs, **window):
        _, filter, _ = inputs
        return made(for_input, outputs[0].shape, filter.shape, filter.dtype, **window)

    def of_filter(inputs, outputs, **window):
        input, *_ = inputs
        return made(for_filter, input.shape, outputs[0].shape, input.dtype, **window)

    convolve.set_trait(trait, of_convolution)
    by_input.set_trait(trait, of_input)
    by_filter.set_trait(trait, of_filter)
