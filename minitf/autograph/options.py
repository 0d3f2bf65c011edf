"""What a conversion does: the options of tf.autograph."""
from __future__ import annotations

import enum
from typing import Any


class Feature(enum.Enum):
    """What is converted only where it is asked for.

    `ASSERT_STATEMENTS`: `assert` of tensors. `BUILTIN_FUNCTIONS`: `print` of tensors.
    `EQUALITY_OPERATORS`: `==` and `!=` of tensors compare values. `LISTS`: `append`, `pop` and
    items of lists of tensors. `AUTO_CONTROL_DEPS`: what a function returns waits for its effects.
    `NAME_SCOPES`: a name scope for each function. `ALL`: all of them.
    """

    ALL = "ALL"
    AUTO_CONTROL_DEPS = "AUTO_CONTROL_DEPS"
    ASSERT_STATEMENTS = "ASSERT_STATEMENTS"
    BUILTIN_FUNCTIONS = "BUILTIN_FUNCTIONS"
    EQUALITY_OPERATORS = "EQUALITY_OPERATORS"
    LISTS = "LISTS"
    NAME_SCOPES = "NAME_SCOPES"

    @classmethod
    def all(cls) -> tuple[Feature, ...]:
        """All of them."""
        return tuple(cls)

    @classmethod
    def all_but(cls, exclude: Any) -> tuple[Feature, ...]:
        """All except one, or those of a collection."""
        excluded = exclude if isinstance(exclude, (list, tuple, set)) else (exclude,)
        return tuple(each for each in cls if each not in (*excluded, cls.ALL))


class ConversionOptions:
    """How a function is converted: whether the functions that it calls are, too (`recursive`), even
    one that would be left as it is (`user_requested`), and with which features."""

    def __init__(
        self,
        recursive: bool = False,
        user_requested: bool = False,
        internal_convert_user_code: bool = True,
        optional_features: Any = Feature.ALL,
    ) -> None:
        features = (optional_features,) if isinstance(optional_features, Feature) else (
            optional_features or ())  # fmt: skip
        self.recursive, self.user_requested = recursive, user_requested
        self.internal_convert_user_code = internal_convert_user_code
        self.optional_features: frozenset[Feature] = frozenset(features)

    def as_tuple(self) -> tuple[Any, ...]:
        return (self.recursive, self.user_requested, self.internal_convert_user_code,
                self.optional_features)  # fmt: skip

    def __hash__(self) -> int:
        return hash(self.as_tuple())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ConversionOptions) and self.as_tuple() == other.as_tuple()

    def uses(self, feature: Feature) -> bool:
        """Whether a feature is among them."""
        return feature in self.optional_features or Feature.ALL in self.optional_features

    def call_options(self) -> ConversionOptions:
        """The options for the functions that a function calls."""
        return ConversionOptions(self.recursive, False, self.recursive, self.optional_features)
