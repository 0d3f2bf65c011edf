"""What is worth a look in a flow, in words."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from minitf.explain.flow import Node

DEAD = 0.95  # a share of zeros from which a layer says little
WIDE = 30.0  # a standard deviation of logits: e**30 stands between two classes
FAR = 1e3  # between the gradients of the variables, relative to these, of two layers


def remarks(nodes: Iterable[Node]) -> list[str]:
    """The sentences: numbers that are none, dead units, variables that stand still or race."""
    nodes = list(nodes)
    found = (_wrong, _saturated, _dead, _still, _apart)
    return [remark for look in found for remark in look(nodes)]


def _wrong(nodes: list[Node]) -> Iterator[str]:
    """The first values, and the last gradients, that are not finite: there it began."""
    first = next((n for n in nodes if n.value.wrong), None)
    if first is not None:
        yield (f"{first.name} ({first.type}) is the first with NaN or infinite elements: "
               f"{first.value.wrong} of them. Built at {first.line}")  # fmt: skip
        return
    last = next((n for n in reversed(nodes) if n.gradient and n.gradient.wrong), None)
    if last is not None:
        yield (f"the gradient is not finite from {last.name} ({last.type}) backwards, though the "
               f"values are. Built at {last.line}")  # fmt: skip


def _saturated(nodes: list[Node]) -> Iterator[str]:
    for node in nodes:
        if "Softmax" in node.type and node.inputs:
            logits = nodes[node.inputs[0]]
            if logits.value.std > WIDE:
                yield (f"{logits.name}: the logits spread by {logits.value.std:,.0f}, so "
                       f"{node.type} is sure of one class, right or wrong: smaller initial "
                       "weights?")  # fmt: skip


def _dead(nodes: list[Node]) -> Iterator[str]:
    for node in nodes:
        if node.type.startswith("Relu") and node.value.zeros >= DEAD:
            yield (f"{node.name}: {node.value.zeros:.0%} of the activations are 0, and no gradient "
                   "passes there: smaller learning rate, other initial weights?")  # fmt: skip


def _still(nodes: list[Node]) -> Iterator[str]:
    for node in nodes:
        if node.type == "variable" and node.gradient is None:
            yield f"{node.name}: the loss has no gradient by it; it is read, but does not learn"
        elif node.type == "variable" and node.gradient.rms == 0:  # type: ignore[union-attr]
            yield f"{node.name}: its gradient is 0 everywhere; it does not learn from this feed"


def _apart(nodes: list[Node]) -> Iterator[str]:
    """Weights of layers whose gradients, relative to themselves, differ by much."""
    found = [
        (node.gradient.rms / node.value.rms, node.name)
        for node in nodes
        if node.type == "variable" and node.gradient and len(node.value.shape) > 1
        and node.value.rms > 0 and 0 < node.gradient.rms < float("inf")
    ]  # fmt: skip
    if len(found) > 1:
        (least, slow), (most, fast) = min(found), max(found)
        if most / least >= FAR:
            yield (f"relative to the weights, the gradient of {fast} is {most / least:,.0f} times "
                   f"that of {slow}: one learning rate hardly fits both")  # fmt: skip
