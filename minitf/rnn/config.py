"""What `get_config` of cells says of functions and initializers, and how cells are made of it."""


def activation_config(activation):
    """The name of a function, None for none."""
    return None if activation is None else activation.__name__


def initializer_config(initializer):
    """{"class_name", "config"} of an initializer; a function's name, None for none."""
    if initializer is None or not hasattr(initializer, "get_config"):
        return getattr(initializer, "__name__", None)
    return {"class_name": type(initializer).__name__, "config": initializer.get_config()}
