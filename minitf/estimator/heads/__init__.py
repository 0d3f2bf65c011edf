"""What makes predictions, losses and metrics of the logits of a model."""
