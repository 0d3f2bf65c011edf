"""Arguments handed on: the signatures of layers are long, and each stands in one place."""
import functools
from inspect import Parameter, Signature, signature


def given(names):
    """The arguments of `__init__` as keywords, `**kwargs` among them: from its `locals()`, before
    anything else has got a name."""
    known = {name: value for name, value in names.items() if name not in _NO_ARGUMENTS}
    return known | names["kwargs"]


_NO_ARGUMENTS = {"self", "__class__", "kwargs"}


def calls(layer):
    """Decorates the function that makes a new `layer`, with all its arguments, and calls it.

    Its signature is `inputs`, what the layer is made with, and `reuse`: whether the variables are
    those of the layer of the same `name` that was made before.
    """
    inputs = Parameter("inputs", Parameter.POSITIONAL_OR_KEYWORD)
    reuse = inputs.replace(name="reuse", default=None)
    *made, _ = signature(layer).parameters.values()
    expected = Signature([inputs, *made, reuse])

    def decorate(described):
        @functools.wraps(described)
        def function(*args, **kwargs):
            arguments = _bound(described.__name__, expected, args, kwargs)
            inputs, reuse = arguments.pop("inputs"), arguments.pop("reuse", None)
            return layer(**arguments, _scope=arguments.get("name"), _reuse=reuse)(inputs)

        function.__signature__ = expected
        return function

    return decorate


def _bound(name, expected, args, kwargs):
    try:
        return expected.bind(*args, **kwargs).arguments
    except TypeError as error:
        raise TypeError(f"{name}() {error}") from None
