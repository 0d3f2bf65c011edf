"""What branches and loops have to agree on, said with the names of the program."""
from __future__ import annotations

from typing import Any

from minitf.autograph.values import Undefined, UndefinedReturnValue
from minitf.core import nest
from minitf.core.convert import convert_to_tensor
from minitf.core.tensor import is_tensor


def of_branch(results: tuple, names: Any, called: str) -> None:
    """ValueError for what the branch `called` leaves without a value."""
    undefined = tuple(each.symbol_name for each in results if isinstance(each, Undefined))
    if undefined:
        raise ValueError(
            f"The following symbols must also be initialized in the {called} branch: {undefined}. "
            "Alternatively, you may initialize them before the if statement."
        )
    if any(isinstance(each, UndefinedReturnValue) for each in results):
        raise ValueError(
            f"A value must also be returned from the {called} branch. If a value is returned from "
            "one branch of a conditional a value must be returned from all branches."
        )


def of_branches(true: tuple, false: tuple, names: Any) -> None:
    """TypeError where a name has a different structure or type in two branches."""
    for one, other, name in zip(true, false, names):
        _check_structure(one, other, f'"{name}" does not have the same nested structure in the '
                         "TRUE and FALSE branches.")  # fmt: skip
        for a, b in _tensors(one, other):
            if a.dtype.base_dtype is not b.dtype.base_dtype:
                raise TypeError(
                    f'"{name}" has dtype {a.dtype.name} in the TRUE branch, but '
                    f"dtype={b.dtype.name} in the FALSE branch. TensorFlow control flow requires "
                    "that they are the same."
                )


def of_loop(state: tuple, names: Any) -> None:
    """ValueError for what has no value before a loop."""
    undefined = tuple(each.symbol_name for each in state if isinstance(each, Undefined))
    if undefined:
        raise ValueError("TensorFlow requires that the following symbols must be defined before "
                         f"the loop: {undefined}")  # fmt: skip
    if any(isinstance(each, UndefinedReturnValue) for each in state):
        raise ValueError("return statements are not supported within a TensorFlow loop.")


def of_iteration(before: tuple, after: tuple, names: Any, shapes: bool) -> None:
    """TypeError where a name has another structure or type after one iteration, ValueError where
    its shape is less known."""
    for one, other, name in zip(before, after, names):
        _check_structure(one, other, f'"{name}" does not have the same nested structure after one '
                         "iteration.")  # fmt: skip
        for a, b in _tensors(one, other):
            _check_kept(name, a, b, shapes)


def _check_kept(name: str, a: Any, b: Any, shapes: bool) -> None:
    if a.dtype.base_dtype is not b.dtype.base_dtype:
        raise TypeError(
            f'"{name}" has dtype {a.dtype.name} before the loop, but dtype {b.dtype.name} after '
            "one iteration. TensorFlow control flow requires it stays the same."
        )
    if shapes and not _is_kept(a.shape, b.shape):
        raise ValueError(
            f'"{name}" has shape {a.shape} before the loop, but shape {b.shape} after one '
            "iteration. TensorFlow control flow requires it stays the same or be more specific."
        )


def _is_kept(before: Any, after: Any) -> bool:
    if before.ndims is None:
        return True
    if before.ndims != after.ndims:
        return False
    return all(m is None or m == n for m, n in zip(before.as_list(), after.as_list()))


def _check_structure(one: Any, other: Any, message: str) -> None:
    try:
        nest.assert_same_structure(one, other, expand_composites=True)
    except (ValueError, TypeError) as error:
        raise TypeError(f"{message}\n\n{error}") from None


def _tensors(one: Any, other: Any) -> Any:
    """The pairs of tensors in two structures that are alike."""
    for a, b in zip(nest.flatten(one), nest.flatten(other)):
        pair = [convert_to_tensor(x) if isinstance(x, (bool, int, float, str)) else x
                for x in (a, b)]  # fmt: skip
        if all(is_tensor(x) and hasattr(x, "dtype") and hasattr(x, "shape") for x in pair):
            yield pair
