"""What layers of images say about their windows: sizes, padding, where the channels are."""
from minitf.core.tensor_shape import TensorShape
from minitf.nn.windows import LAYOUTS, LAYOUTS_3D, output_size

_LAYOUTS_OF_RANK = {3: ("NWC", "NCW"), 4: LAYOUTS, 5: LAYOUTS_3D}


def numbers(value, count, name):
    """`count` integers, such as height and width, or one for all. ValueError for anything else."""
    try:
        found = (value,) * count if isinstance(value, int) else tuple(map(int, tuple(value)))
    except (TypeError, ValueError):
        found = ()
    if len(found) != count:
        raise ValueError(
            f"The `{name}` argument must be a tuple of {count} integers. Received: {value}"
        )
    return found


def data_format_named(value):
    """"channels_last" (also for None) or "channels_first". ValueError for another one."""
    named = "channels_last" if value is None else value.lower()
    if named not in ("channels_first", "channels_last"):
        raise ValueError(
            'The `data_format` argument must be one of "channels_first", "channels_last". '
            f"Received: {value}"
        )
    return named


def layout(data_format, rank=4):
    """The same as the ops say it, for inputs of this rank."""
    return _LAYOUTS_OF_RANK[rank][data_format == "channels_first"]


def padding_named(value):
    """"valid", "same" or "causal", or a list as `tf.nn.conv2d` takes it. ValueError for another
    one."""
    if isinstance(value, (list, tuple)):
        return value
    if value.lower() not in ("valid", "same", "causal"):
        raise ValueError(
            'The `padding` argument must be a list/tuple or one of "valid", "same" (or "causal", '
            f"only for `Conv1D). Received: {value.lower()}"
        )
    return value.lower()


def for_op(padding):
    """The same as the ops say it: for "causal" the zeros are there already."""
    if not isinstance(padding, str):
        return padding
    return "VALID" if padding == "causal" else padding.upper()


def windowed(input_shape, window, strides, layer, dilations=None, channels=None):
    """The shape of what a layer makes of images by its windows; `channels` if it changes them."""
    rank = len(window) + 2
    sizes = TensorShape(input_shape).with_rank(rank).as_list()
    first = layer.data_format == "channels_first"
    pixels = slice(2, rank) if first else slice(1, rank - 1)
    padding, around = for_op(layer.padding), [(0, 0)] * len(window)
    if not isinstance(padding, str):
        padding, around = "EXPLICIT", layer.padding[pixels]
    elif layer.padding == "causal":
        padding = "SAME"
    dilations = dilations or (1,) * len(window)
    sizes[pixels] = [
        output_size(*each, padding, zeros)
        for *each, zeros in zip(sizes[pixels], window, strides, dilations, around)
    ]
    channel_axis = 1 if first else rank - 1
    sizes[channel_axis] = channels or sizes[channel_axis]
    return TensorShape(sizes)
