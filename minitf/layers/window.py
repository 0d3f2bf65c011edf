"""What layers of images say about their windows: sizes, padding, where the channels are."""
from minitf.core.tensor_shape import TensorShape
from minitf.nn.windows import output_size


def pair(value, name):
    """Height and width: two integers, or one for both. ValueError for anything else."""
    try:
        numbers = (value, value) if isinstance(value, int) else tuple(map(int, tuple(value)))
    except (TypeError, ValueError):
        numbers = ()
    if len(numbers) != 2:
        raise ValueError(
            f"The `{name}` argument must be a tuple of 2 integers. Received: {value}"
        )
    return numbers


def data_format_named(value):
    """"channels_last" (also for None) or "channels_first". ValueError for another one."""
    named = "channels_last" if value is None else value.lower()
    if named not in ("channels_first", "channels_last"):
        raise ValueError(
            'The `data_format` argument must be one of "channels_first", "channels_last". '
            f"Received: {value}"
        )
    return named


def layout(data_format):
    """The same as the ops say it."""
    return "NCHW" if data_format == "channels_first" else "NHWC"


def padding_named(value):
    """"valid" or "same", or a list as `tf.nn.conv2d` takes it. ValueError for another one."""
    if isinstance(value, (list, tuple)):
        return value
    if value.lower() not in ("valid", "same"):
        raise ValueError(
            'The `padding` argument must be a list/tuple or one of "valid", "same". '
            f"Received: {value.lower()}"
        )
    return value.lower()


def for_op(padding):
    """The same as the ops say it."""
    return padding.upper() if isinstance(padding, str) else padding


def windowed(input_shape, window, strides, layer, dilations=(1, 1), channels=None):
    """The shape of what a layer makes of images by its windows; `channels` if it changes them."""
    sizes = TensorShape(input_shape).with_rank(4).as_list()
    first = layer.data_format == "channels_first"
    spatial = slice(2, 4) if first else slice(1, 3)
    padding, around = for_op(layer.padding), ((0, 0), (0, 0))
    if not isinstance(padding, str):
        padding, around = "EXPLICIT", layer.padding[spatial]
    sizes[spatial] = [
        output_size(*numbers, padding, zeros)
        for *numbers, zeros in zip(sizes[spatial], window, strides, dilations, around)
    ]
    sizes[1 if first else 3] = channels or sizes[1 if first else 3]
    return TensorShape(sizes)
