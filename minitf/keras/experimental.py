"""`tf.keras.experimental`: models, a recurrent cell, and schedules of learning rates."""
from minitf.keras.layers.cells import PeepholeLSTMCell
from minitf.keras.layers.feature_columns import SequenceFeatures
from minitf.keras.optimizers.schedules import (
    CosineDecay,
    CosineDecayRestarts,
    LinearCosineDecay,
    NoisyLinearCosineDecay,
)
from minitf.keras.premade import LinearModel, WideDeepModel
from minitf.keras.saving.export import export_saved_model, load_from_saved_model

__all__ = [
    "CosineDecay", "CosineDecayRestarts", "LinearCosineDecay", "LinearModel",
    "NoisyLinearCosineDecay", "PeepholeLSTMCell", "SequenceFeatures", "WideDeepModel",
    "export_saved_model", "load_from_saved_model",
    "terminate_keras_multiprocessing_pools",
]  # fmt: skip


def terminate_keras_multiprocessing_pools(grace_period=0.1, use_sigkill=False):
    """Nothing: enqueuers of minitf close their own pools of processes."""
