"""`tf.contrib.learn.utils`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf import missing
from minitf.contrib.learn.export_strategy import make_export_strategy
from minitf.contrib.learn.inputs import (
    InputFnOps,
    build_default_serving_input_fn,
    build_parsing_serving_input_fn,
)

missing.explain(missing.sys.modules[__name__])
