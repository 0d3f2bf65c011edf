"""What is around the body of a converted function, where it is asked for: a name scope, and that
what it returns waits for its effects."""
from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from minitf.autograph.options import ConversionOptions, Feature
from minitf.core.eager import executing_eagerly
from minitf.core.graph import name_scope
from minitf.ops.control_flow.order import in_order


def scoped(function: Callable[..., Any], name: str, options: ConversionOptions) -> Any:
    """A function with what the options put around it."""
    named, waits = map(options.uses, (Feature.NAME_SCOPES, Feature.AUTO_CONTROL_DEPS))
    if not named and not waits:
        return function
    name = f"fn{name}" if name.startswith("_") else name.strip("<>")

    @functools.wraps(function)
    def within(*args: Any, **kwargs: Any) -> Any:
        with name_scope(name) if named else nullcontext():
            if executing_eagerly() or not waits:
                return function(*args, **kwargs)
            return in_order(function, args, kwargs)

    return within
