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

__all__ = [
    "CosineDecay", "CosineDecayRestarts", "LinearCosineDecay", "LinearModel",
    "NoisyLinearCosineDecay", "PeepholeLSTMCell", "SequenceFeatures", "WideDeepModel",
    "export_saved_model", "load_from_saved_model",
    "terminate_keras_multiprocessing_pools",
]  # fmt: skip


def export_saved_model(
    model, saved_model_path, custom_objects=None, as_text=False, input_signature=None,
    serving_only=False,
):  # fmt: skip
    """Not in minitf: NotImplementedError."""
    raise NotImplementedError(
        "tf.keras.experimental.export_saved_model: minitf does not write models as SavedModel. "
        "model.save('name.h5') keeps the model in a file of HDF5."
    )


def load_from_saved_model(saved_model_path, custom_objects=None):
    """Not in minitf: NotImplementedError."""
    raise NotImplementedError(
        "tf.keras.experimental.load_from_saved_model: minitf does not read models from a "
        "SavedModel. tf.keras.models.load_model reads a file of HDF5."
    )


def terminate_keras_multiprocessing_pools(grace_period=0.1, use_sigkill=False):
    """Nothing: enqueuers of minitf close their own pools of processes."""
