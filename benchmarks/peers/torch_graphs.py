"""The rows in PyTorch, each step captured as a CUDA graph; its feeds are copied from pinned memory
to where the graph reads them."""
import torch

from benchmarks.peers import torch_gpu
from benchmarks.training import Training

VERSION = torch_gpu.VERSION
WARM_UP = 3


def build(row):
    model = torch_gpu.Model(row)
    run = captured(model) if torch_gpu.DEVICE == "cuda" else model.train

    def step():
        model.feed()
        run()

    return Training(step, lambda: model.loss().item(), torch_gpu.wait)


def captured(model):
    """What replays one training step, which has left no trace yet."""
    first = [parameter.detach().clone() for parameter in model.parameters]
    beside = torch.cuda.Stream()
    beside.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(beside):
        for _ in range(WARM_UP):
            model.train()
    torch.cuda.current_stream().wait_stream(beside)
    model.update.zero_grad(set_to_none=True)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        model.loss().backward()
        model.update.step()
    with torch.no_grad():
        for parameter, value in zip(model.parameters, first):
            parameter.copy_(value)
        for state in model.update.state.values():
            for tensor in filter(torch.is_tensor, state.values()):
                tensor.zero_()
    return graph.replay
