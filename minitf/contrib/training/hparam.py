"""`tf.contrib.training.HParams`: hyperparameters with names and types."""
import json
import numbers
import re

from minitf.core.deprecation import warn_once
from minitf.core.proto.hparam import HParamDef

_ASSIGNMENT = re.compile(
    r"(?P<name>[a-zA-Z][\w\.]*) (\[\s*(?P<index>\d+)\s*\])? \s*=\s*"
    r"((?P<val>[^,\[]*) | \[(?P<vals>[^\]]*)\]) ($|,\s*)",
    re.VERBOSE,
)
_BOOLS = {"true": True, "True": True, "false": False, "False": False}


def parse_values(values, type_map, ignore_unknown=False):
    """{name: value} of a text such as "rate=0.1,sizes=[3,4],names[1]=x".

    `type_map` has the type of each name. An index gives {name: {index: value}}. ValueError for
    what is malformed, unknown (unless `ignore_unknown`), of another type, or assigned twice.
    """
    results, place = {}, 0
    while place < len(values):
        found = _ASSIGNMENT.match(values, place)
        if not found:
            raise ValueError(f"Malformed hyperparameter value: {values[place:]}")
        place = found.end()
        name = found["name"]
        if name in type_map:
            _assign(results, found, type_map[name], values)
        elif not ignore_unknown:
            raise ValueError(f"Unknown hyperparameter type for {name}")
    return results


def _assign(results, found, kind, values):
    name, index = found["name"], found["index"]
    if found["val"] is not None:
        value = _parsed(name, kind, found["val"], [found["val"]], values)[0]
    else:
        if index is not None:
            raise ValueError("Assignment of a list to a list index.")
        items = [item for item in re.split("[ ,]", found["vals"]) if item]
        value = _parsed(name, kind, found["vals"], items, values)
    if index is None:
        _set_once(results, name, value, name, values)
        return
    part = results.setdefault(name, {})
    if not isinstance(part, dict):
        raise _assigned_twice(name, values)
    _set_once(part, int(index), value, f"{name}[{int(index)}]", values)


def _set_once(results, key, value, name, values):
    if key in results:
        raise _assigned_twice(name, values)
    results[key] = value


def _assigned_twice(name, values):
    return ValueError(f"Multiple assignments to variable '{name}' in {values}")


def _parsed(name, kind, text, items, values):
    try:
        return [_as_bool(item) if kind is bool else kind(item) for item in items]
    except ValueError:
        raise ValueError(
            f"Could not parse hparam '{name}' of type '{kind.__name__}' with value '{text}' in "
            f"{values}"
        ) from None


def _as_bool(text):
    return _BOOLS[text] if text in _BOOLS else bool(int(text))


def _cast(name, kind, value):
    """`value` as a `kind`; ValueError where that would change what it is."""
    if type(value) is kind or issubclass(kind, type(None)):
        return value
    text = (str, bytes)
    if (
        (issubclass(kind, text) and not isinstance(value, text))
        or issubclass(kind, bool) != isinstance(value, bool)
        or (issubclass(kind, numbers.Integral) and not isinstance(value, numbers.Integral))
        or (issubclass(kind, numbers.Number) and not isinstance(value, numbers.Number))
    ):
        raise ValueError(f"Could not cast hparam '{name}' of type '{kind}' from value {value!r}")
    return kind(value)


class HParams:
    """Hyperparameters: `HParams(rate=0.1, sizes=[3, 4])` has `rate` and `sizes` as attributes.

    The first value decides the type of each, and whether it is a list. ValueError for a name that
    is reserved or an empty list, or for `hparam_def`, a message, beside values.
    """

    def __init__(self, hparam_def=None, model_structure=None, **kwargs):
        self._hparam_types = {}
        self._model_structure = model_structure
        if hparam_def:
            if kwargs:
                raise ValueError("hparam_def and initialization values are mutually exclusive")
            kwargs = {name: _of_message(each) for name, each in hparam_def.hparam.items()}
        for name, value in kwargs.items():
            self.add_hparam(name, value)

    # -- one of them -----------------------------------------------------------------------------

    def add_hparam(self, name, value):
        """Add one. ValueError for a name that is taken or an empty list."""
        if getattr(self, name, None) is not None:
            raise ValueError(f"Hyperparameter name is reserved: {name}")
        is_list = isinstance(value, (list, tuple))
        if is_list and not value:
            raise ValueError(f"Multi-valued hyperparameters cannot be empty: {name}")
        self._hparam_types[name] = (type(value[0] if is_list else value), is_list)
        setattr(self, name, value)

    def set_hparam(self, name, value):
        """Change one. KeyError for an unknown name, ValueError for another type."""
        kind, is_list = self._hparam_types[name]
        if isinstance(value, list):
            if not is_list:
                raise ValueError(f"Must not pass a list for single-valued parameter: {name}")
            setattr(self, name, [_cast(name, kind, each) for each in value])
        else:
            if is_list:
                raise ValueError(f"Must pass a list for multi-valued parameter: {name}.")
            setattr(self, name, _cast(name, kind, value))

    def del_hparam(self, name):
        """Remove one; that it is not there makes no difference."""
        if hasattr(self, name):
            delattr(self, name)
            del self._hparam_types[name]

    def get(self, key, default=None):
        """The value, or `default`. ValueError for a default of another type."""
        if key not in self._hparam_types:
            return default
        if default is not None:
            self._check_default(key, default)
        return getattr(self, key)

    def _check_default(self, key, default):
        kind, is_list = self._hparam_types[key]
        text = f"list<{kind}>" if is_list else str(kind)
        failed = f"Hparam '{key}' of type '{text}' is incompatible with default={default}"
        if is_list != isinstance(default, list):
            raise ValueError(failed)
        try:
            for value in default if is_list else [default]:
                _cast(key, kind, value)
        except ValueError as error:
            raise ValueError(f"{failed}. {error}") from None

    # -- all of them -----------------------------------------------------------------------------

    def parse(self, values):
        """Change those that a text assigns, such as "rate=0.1,sizes=[3,4]"; returns itself.

        ValueError for an unknown name or another type.
        """
        kinds = {name: kind for name, (kind, _) in self._hparam_types.items()}
        return self.override_from_dict(parse_values(values, kinds))

    def parse_json(self, values_json):
        """Change those that a JSON object has; returns itself."""
        return self.override_from_dict(json.loads(values_json))

    def override_from_dict(self, values_dict):
        """Change those that a dictionary has; returns itself. KeyError for an unknown name."""
        for name, value in values_dict.items():
            self.set_hparam(name, value)
        return self

    def set_from_map(self, values_map):
        """The older name of `override_from_dict`."""
        warn_once("HParams.set_from_map", "override_from_dict")
        return self.override_from_dict(values_map)

    def values(self):
        """{name: value}."""
        return {name: getattr(self, name) for name in self._hparam_types}

    def to_json(self, indent=None, separators=None, sort_keys=False):
        """A JSON object, as a text."""
        return json.dumps(self.values(), indent=indent, separators=separators, sort_keys=sort_keys)

    def set_model_structure(self, model_structure):
        self._model_structure = model_structure

    def get_model_structure(self):
        return self._model_structure

    def __contains__(self, key):
        return key in self._hparam_types

    def __str__(self):
        return ",".join(f"{name}={value}" for name, value in self.values().items())

    def __repr__(self):
        return f"{type(self).__name__}({sorted(self.values().items())})"

    # -- as a message ----------------------------------------------------------------------------

    def to_proto(self, export_scope=None):
        """An HParamDef. ValueError for a type that it has not."""
        message = HParamDef()
        for name, value in self.values().items():
            kind = _kind(*self._hparam_types[name])
            entry = message.hparam[name]
            if self._hparam_types[name][1]:
                getattr(entry, kind).value.extend(value)
            else:
                setattr(entry, kind, value)
        return message

    @staticmethod
    def from_proto(hparam_def, import_scope=None):
        """HParams of an HParamDef."""
        return HParams(hparam_def=hparam_def)


_KINDS = ((bool, "bool"), (int, "int64"), ((str, bytes), "bytes"), (float, "float"))


def _kind(kind, is_list):
    for types, name in _KINDS:
        if issubclass(kind, types):
            return f"{name}_{'list' if is_list else 'value'}"
    raise ValueError(f"Unsupported parameter type: {kind}")


def _of_message(entry):
    kind = entry.WhichOneof("kind")
    value = getattr(entry, kind)
    if kind.endswith("_value"):
        return value.decode() if kind.startswith("bytes") else value
    return [each.decode() if kind.startswith("bytes") else each for each in value.value]
