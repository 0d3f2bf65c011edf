"""Objects as configurations, and configurations as objects: by name, or {"class_name", "config"}.
"""
import inspect

from minitf.core.alike import meant

_CUSTOM = {}


class CustomObjectScope:
    """Inside the `with` block the names in these dictionaries are known to deserializing."""

    def __init__(self, *args):
        self.custom_objects, self._before = args, None

    def __enter__(self):
        self._before = _CUSTOM.copy()
        for objects in self.custom_objects:
            _CUSTOM.update(objects)
        return self

    def __exit__(self, *error):
        _CUSTOM.clear()
        _CUSTOM.update(self._before)


def custom_object_scope(*args):
    """A `CustomObjectScope` of these dictionaries {name: class or function}."""
    return CustomObjectScope(*args)


def get_custom_objects():
    """The dictionary of names known everywhere; it may be changed."""
    return _CUSTOM


def serialize_keras_object(instance):
    """{"class_name", "config"} of an object that has `get_config`, else the name of a function.

    ValueError for what has neither.
    """
    if instance is None:
        return None
    if hasattr(instance, "get_config"):
        return {"class_name": type(instance).__name__, "config": instance.get_config()}
    if hasattr(instance, "__name__"):
        return instance.__name__
    raise ValueError("Cannot serialize", instance)


def deserialize_keras_object(
    identifier, module_objects=None, custom_objects=None, printable_module_name="object"
):
    """What `serialize_keras_object` gave, as an object again; of a class by its name an instance.

    Names are looked for in `custom_objects`, among those known everywhere, in `module_objects`.
    ValueError for a name that is in none of these.
    """
    if identifier is None:
        return None
    custom_objects, what = custom_objects or {}, printable_module_name
    if isinstance(identifier, dict):
        return _from_config(identifier, module_objects, custom_objects, what)
    if isinstance(identifier, str):
        found = _named(identifier, module_objects, custom_objects)
        if found is None:
            near = _meant(identifier, module_objects, custom_objects)
            raise ValueError(f"Unknown {what}:{identifier}{near}")
        return found() if inspect.isclass(found) else found
    raise ValueError(f"Could not interpret serialized {what}: {identifier}")


def _from_config(config, module_objects, custom_objects, what):
    if "class_name" not in config or "config" not in config:
        raise ValueError(f"Improper config format: {config}")
    found = _named(config["class_name"], module_objects, custom_objects)
    if found is None:
        near = _meant(config["class_name"], module_objects, custom_objects)
        raise ValueError(f"Unknown {what}: {config['class_name']}{near}")
    arguments = config["config"]
    if not hasattr(found, "from_config"):
        with CustomObjectScope(custom_objects):
            return found(**arguments)
    if "custom_objects" in inspect.signature(found.from_config).parameters:
        return found.from_config(arguments, custom_objects=_CUSTOM | custom_objects)
    with CustomObjectScope(custom_objects):
        return found.from_config(arguments)


def _named(name, module_objects, custom_objects):
    for objects in (custom_objects, _CUSTOM, module_objects or {}):
        if objects.get(name) is not None:
            return objects[name]
    return None


def _meant(name, module_objects, custom_objects):
    near = meant(name, [*custom_objects, *_CUSTOM, *(module_objects or {})])
    return f".{near}" if near else ""


def getter(deserialize, what, by_class=False):
    """The function that takes an object, its name, or its configuration, and returns the object."""

    def get(identifier):
        if identifier is None:
            return None
        if isinstance(identifier, dict):
            return deserialize(identifier)
        if isinstance(identifier, str):
            config = {"class_name": identifier, "config": {}}
            return deserialize(config if by_class else identifier)
        if callable(identifier):
            return identifier
        raise ValueError(f"Could not interpret {what} identifier: {identifier}")

    get.__doc__ = f"A {what}: itself, or of this name or configuration; None for None. ValueError."
    return get
