"""`tf.keras.utils.multi_gpu_model`."""


def multi_gpu_model(model, gpus, cpu_merge=True, cpu_relocation=False):
    """NotImplementedError: one process of minitf computes on one device. ValueError for fewer than
    two GPUs."""
    if isinstance(gpus, int) and gpus <= 1:
        raise ValueError(f"For multi-gpu usage to be effective, call `multi_gpu_model` with "
                         f"`gpus >= 2`. Received: `gpus={gpus}`")  # fmt: skip
    raise NotImplementedError(
        "multi_gpu_model: minitf computes on one device; train the model itself."
    )
