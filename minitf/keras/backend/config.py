"""What Keras assumes unless it is told: the float type, the least number, the layout of images."""
import json
import os

_FLOATS = ("float16", "float32", "float64")
_LAYOUTS = ("channels_last", "channels_first")


def _from_file():
    """What ~/.keras/keras.json says, where there is one."""
    path = os.path.join(os.environ.get("KERAS_HOME", os.path.expanduser("~/.keras")), "keras.json")
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return {}


_config = {"floatx": "float32", "epsilon": 1e-7, "image_data_format": "channels_last"}
_config.update({key: value for key, value in _from_file().items() if key in _config})


def backend():
    """The name of what computes: "tensorflow"."""
    return "tensorflow"


def floatx():
    """The type of floats, by name."""
    return _config["floatx"]


def set_floatx(value):
    """Set the type of floats. ValueError unless it is float16, float32 or float64."""
    if value not in _FLOATS:
        raise ValueError(f"Unknown floatx type: {value}")
    _config["floatx"] = str(value)


def epsilon():
    """The small number that keeps divisions and logarithms finite."""
    return _config["epsilon"]


def set_epsilon(value):
    """Set that small number."""
    _config["epsilon"] = value


def image_data_format():
    """"channels_last" or "channels_first": where images have their channels."""
    return _config["image_data_format"]


def set_image_data_format(data_format):
    """Set where images have their channels. ValueError for another word."""
    _config["image_data_format"] = checked_layout(data_format, "data_format")


def checked_layout(value, name="data_format"):
    """"channels_last" or "channels_first", the set one for None. ValueError for another word."""
    named = image_data_format() if value is None else value.lower()
    if named not in _LAYOUTS:
        raise ValueError(
            f'The `{name}` argument must be one of "channels_first", "channels_last". '
            f"Received: {value}"
        )
    return named
