"""`tf.contrib.predictor`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.predictor.predictor_factories import (
    from_contrib_estimator,
    from_estimator,
    from_saved_model,
)
