"""What several heads as one share: parts of logits, and outputs for serving."""
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.estimator.export.signatures import DEFAULT
from minitf.ops.array.joining import split
from minitf.ops.reduction.scan import add_n
from minitf.saved_model.export_outputs import PredictOutput


class Several:
    """What several heads, `_heads`, are as one."""

    @property
    def name(self):
        """The names of the heads."""
        return "_".join(head.name for head in self._heads)

    @property
    def logits_dimension(self):
        """That of all heads together."""
        return sum(head.logits_dimension for head in self._heads)


def check_heads(heads, head_weights):
    """ValueError for no heads, heads without a name, or weights of another number."""
    if head_weights and len(head_weights) != len(heads):
        raise ValueError("heads and head_weights must have the same size. Given len(heads): "
                         f"{len(heads)}. Given len(head_weights): {len(head_weights)}.")
    if not heads:
        raise ValueError(f"Must specify heads. Given: {heads}")
    for head in heads:
        if not head.name:
            raise ValueError(f"All given heads must have name specified. Given: {head}")


def times(value, weight):
    """Their product; the value itself without a weight."""
    return value if weight is None else value * weight


def merged(losses, head_weights):
    """The sum of the losses, times the weights of their heads if there are any."""
    with name_scope(None, "merge_losses", losses):
        if head_weights:
            losses = [times(*pair) for pair in zip(losses, head_weights)]
        return add_n(losses)


def by_head(heads, logits):
    """The logits of each head, by its name. ValueError unless they have a part for each."""
    if isinstance(logits, dict):
        return logits
    with name_scope(None, "split_logits", [logits]):
        logits = convert_to_tensor(logits)
        sizes = [head.logits_dimension for head in heads]
        given = logits.shape.as_list()
        if given[-1] is not None and given[-1] != sum(sizes):
            raise ValueError(
                f"Could not split logits of shape {given} among the heads with individual "
                f"logits dimensions: {sizes}. The last dimension of the logits tensor should "
                f"equal {given[-1]} but is {sum(sizes)}."
            )
        parts = split(logits, sizes, axis=-1)
    return {head.name: part for head, part in zip(heads, parts)}


def exported(specs):
    """The outputs of all heads, under their names; those of the first one are served unasked."""
    names = list(specs)
    outputs = {DEFAULT: _default(specs[names[0]].export_outputs, names[0])}
    predicted = {}
    for name, spec in specs.items():
        for key, output in spec.export_outputs.items():
            outputs[name if key == DEFAULT else f"{name}/{key}"] = output
            if key == "predict" and isinstance(output, PredictOutput):
                predicted.update({f"{name}/{k}": v for k, v in output.outputs.items()})
    outputs["predict"] = PredictOutput(predicted)
    return outputs


def _default(outputs, name):
    if len(outputs) == 1:
        return next(iter(outputs.values()))
    if DEFAULT in outputs:
        return outputs[DEFAULT]
    raise ValueError(f"{name} did not specify default export_outputs. Given: {outputs} Suggested "
                     "fix: Use one of the heads in tf.estimator or tf.contrib.estimator, or "
                     f"include key {DEFAULT} in export_outputs.")  # fmt: skip
