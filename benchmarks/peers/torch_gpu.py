"""The rows in PyTorch on a GPU, eagerly, in float32 without TF32; feeds come from pinned memory.

BENCHMARKS_DEVICE=cpu runs it on the CPU, to see whether it runs.
"""
import os

import torch

from benchmarks import rows
from benchmarks.peers.torch_eager import MODELS, channels_first
from benchmarks.training import Training

DEVICE = os.environ.get("BENCHMARKS_DEVICE", "cuda")
if DEVICE == "cuda" and not torch.cuda.is_available():
    raise ImportError(f"PyTorch {torch.__version__} sees no GPU")
torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False
torch.backends.cudnn.benchmark = True  # It tries cuDNN's ways and takes the fastest.
VERSION = f"PyTorch {torch.__version__}, CUDA {torch.version.cuda}"
if DEVICE == "cuda":
    VERSION += f", cuDNN {torch.backends.cudnn.version()}"


class Model:
    """A row on the device: `feed()` copies the batch there, `train()` computes and updates."""

    def __init__(self, row):
        arrays = [torch.from_numpy(array) for array in rows.batch(row)]
        values = [torch.from_numpy(value) for value in rows.weights(row)]
        if row.model == "cnn":
            arrays[0] = arrays[0].permute(0, 3, 1, 2).contiguous()
            values = channels_first(row, values)
        self.row = row
        self.host = [array.pin_memory() if DEVICE == "cuda" else array for array in arrays]
        self.fed = [array.to(DEVICE) for array in arrays]
        self.parameters = [value.to(DEVICE).requires_grad_() for value in values]
        self.update = optimizer(row, self.parameters)

    def feed(self):
        for to, array in zip(self.fed, self.host):
            to.copy_(array, non_blocking=True)

    def loss(self):
        return MODELS[self.row.model](self.row, self.parameters, *self.fed)

    def train(self):
        self.update.zero_grad()
        self.loss().backward()
        self.update.step()

    def step(self):
        self.feed()
        self.train()


def optimizer(row, parameters):
    if row.optimizer == "adam":
        return torch.optim.Adam(parameters, lr=row.rate, fused=True, capturable=DEVICE == "cuda")
    return torch.optim.SGD(parameters, lr=row.rate, fused=True)


def build(row):
    model = Model(row)
    return Training(model.step, lambda: model.loss().item(), wait)


def wait():
    if DEVICE == "cuda":
        torch.cuda.synchronize()
