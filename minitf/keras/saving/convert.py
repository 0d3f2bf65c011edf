"""Variables that older versions of Keras, or another backend, laid out otherwise."""
import numpy as np

_SPATIAL = {"Conv2D", "Conv3D", "Conv2DTranspose", "ConvLSTM2D"}


def of_older_versions(layer, weights, version, backend):
    """The variables of a layer from a file, as it has them now."""
    kind = type(layer).__name__
    if kind == "Bidirectional":
        half = len(weights) // 2
        forward = of_older_versions(layer.forward_layer, weights[:half], version, backend)
        return forward + of_older_versions(layer.backward_layer, weights[half:], version, backend)
    if kind == "TimeDistributed":
        return of_older_versions(layer.layer, weights, version, backend)
    if hasattr(layer, "_is_graph_network") and hasattr(layer, "layers") and layer.layers:
        return _of_model(layer, weights, version, backend)
    if version == "1":
        weights = _of_version_1(layer, kind, weights)
    return _of_cudnn(layer, kind, weights)


def _of_model(model, weights, version, backend):
    """Each layer's share: those that are trained come first, then the others."""
    found = []
    for part in ("trainable_weights", "non_trainable_weights"):
        for sublayer in model.layers:
            count = len(getattr(sublayer, part))
            if count:
                found += _part(sublayer, part, weights[:count], version, backend)
                weights = weights[count:]
    return found


def _part(layer, part, weights, version, backend):
    if part == "trainable_weights" and len(weights) == len(layer.weights):
        return of_older_versions(layer, weights, version, backend)
    return weights


def _of_version_1(layer, kind, weights):
    if kind == "Conv1D":
        shape = weights[0].shape
        if shape[:2] != (layer.kernel_size[0], 1) or shape[3] != layer.filters:
            weights[0] = np.transpose(weights[0], (2, 3, 1, 0))
        weights[0] = weights[0][:, 0, :, :]
    if kind == "Conv2D" and layer.data_format == "channels_first":
        weights[0] = np.transpose(weights[0], (2, 3, 1, 0))
    if kind == "Conv2DTranspose":
        order = (2, 3, 0, 1) if layer.data_format == "channels_first" else (0, 1, 3, 2)
        weights[0] = np.transpose(weights[0], order)
    if kind == "Conv3D" and layer.data_format == "channels_first":
        weights[0] = np.transpose(weights[0], (2, 3, 4, 1, 0))
    if kind == "GRU" and len(weights) == 9:
        return [np.concatenate(weights[i::3], axis=-1) for i in range(3)]
    if kind == "LSTM" and len(weights) == 12:  # in the order i, c, f, o
        return [np.concatenate([weights[i + j] for j in (0, 6, 3, 9)], axis=-1) for i in range(3)]
    if kind == "ConvLSTM2D" and len(weights) == 12:
        return [np.concatenate([weights[i + j] for j in (0, 6, 3, 9)], axis=-1) for i in range(3)]
    return weights


def _of_cudnn(layer, kind, weights):
    """What LSTM and GRU of cuDNN saved, for layers that are not, and the other way round.

    ValueError for a GRU whose reset gate is applied before the product.
    """
    gates = {"LSTM": 4, "CuDNNLSTM": 4, "GRU": 3, "CuDNNGRU": 3}.get(kind)
    if gates is None or len(weights) != 3:
        return weights
    columns = weights[1].shape[0] * gates
    source, target = _layout(weights[2].shape, columns), _wanted(layer, kind)
    if source == target:
        return weights
    if "before" in (source, target) and gates == 3:
        raise ValueError(f"{_NAMES[source]} is not compatible with {_NAMES[target]}")
    order = "F" if source == "cudnn" else "C"
    kernel, recurrent = (np.hsplit(each, gates) for each in weights[:2])
    kernel = np.hstack([part.T.reshape(part.shape, order=order) for part in kernel])
    recurrent = np.hstack([part.T for part in recurrent])
    return [kernel, recurrent, _biases(weights[2], source, gates)]


_NAMES = {"cudnn": "CuDNNGRU", "after": "GRU(reset_after=True)", "before": "GRU(reset_after=False)"}


def _layout(shape, columns):
    """Which layer has biases of this shape."""
    found = {(2 * columns,): "cudnn", (2, columns): "after", (columns,): "before"}.get(shape)
    if found is None:
        raise ValueError(f"Invalid bias shape: {shape}")
    return found


def _wanted(layer, kind):
    if kind.startswith("CuDNN"):
        return "cudnn"
    return "after" if getattr(layer, "reset_after", False) else "before"


def _biases(bias, source, gates):
    if gates == 3:
        return bias.reshape((2, -1) if source == "cudnn" else -1)
    return np.sum(np.split(bias, 2), axis=0) if source == "cudnn" else np.tile(0.5 * bias, 2)
