"""`tf.contrib.quantize`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.quantize.quantize_graph import (
    create_eval_graph,
    create_training_graph,
    experimental_create_eval_graph,
    experimental_create_training_graph,
)
