"""`tf.config.optimizer`: how graphs may be rewritten, which changes no results."""
from __future__ import annotations

from typing import Any

# Those that TensorFlow knows; others are ignored, as by TensorFlow.
_KNOWN = {
    "arithmetic_optimization", "auto_mixed_precision", "constant_folding", "debug_stripper",
    "dependency_optimization", "disable_meta_optimizer", "disable_model_pruning",
    "function_optimization", "implementation_selector", "layout_optimizer", "loop_optimization",
    "min_graph_nodes", "pin_to_host_optimization", "remapping", "scoped_allocator_optimization",
    "shape_optimization",
}  # fmt: skip
_CHANGING = {"auto_mixed_precision": "cast to tf.float16 where the program wants it",
             "debug_stripper": "leave tf.Print and tf.Assert out of the program"}  # fmt: skip
_options: dict[str, Any] = {"disable_model_pruning": False, "disable_meta_optimizer": False}
_jit = False


def get_jit() -> bool:
    """What `set_jit` has said last, False before."""
    return _jit


def set_jit(enabled: bool) -> None:
    """Whether loops may be compiled: minitf does so in any case, where there is a compiler."""
    global _jit
    _jit = enabled


def get_experimental_options() -> dict[str, Any]:
    """The options that have been set."""
    return dict(_options)


def set_experimental_options(options: dict[str, Any]) -> None:
    """Say which rewritings there should be: minitf has its own.

    NotImplementedError for those that would change what a program computes or prints.
    """
    for name, instead in _CHANGING.items():
        if options.get(name):
            raise NotImplementedError(f"tf.config.optimizer.set_experimental_options: minitf has "
                                      f"no {name}: {instead}")  # fmt: skip
    _options.update({name: value for name, value in options.items() if name in _KNOWN})
