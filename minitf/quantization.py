"""`tf.quantization`: names only."""
# ruff: noqa: F401  every import here is a public name
from minitf.ops.math.fake_quant import (
    fake_quant_with_min_max_args,
    fake_quant_with_min_max_args_gradient,
    fake_quant_with_min_max_vars,
    fake_quant_with_min_max_vars_gradient,
    fake_quant_with_min_max_vars_per_channel,
    fake_quant_with_min_max_vars_per_channel_gradient,
    quantize_and_dequantize,
)
from minitf.ops.math.quantize import dequantize, quantize, quantized_concat
