"""`tf.compat.v2.initializers`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.compat.v2.later import public
from minitf.ops.state.initializers_v2 import (
    Constant,
    GlorotNormal,
    GlorotUniform,
    Identity,
    Initializer,
    Ones,
    Orthogonal,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
    VarianceScaling,
    Zeros,
    constant,
    constant_initializer,
    glorot_normal,
    glorot_uniform,
    he_normal,
    he_uniform,
    identity,
    lecun_normal,
    lecun_uniform,
    ones,
    ones_initializer,
    orthogonal,
    random_normal_initializer,
    random_uniform_initializer,
    zeros,
    zeros_initializer,
)


def __getattr__(name):
    if name in ("deserialize", "get", "serialize"):
        return public(f"keras.initializers.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
