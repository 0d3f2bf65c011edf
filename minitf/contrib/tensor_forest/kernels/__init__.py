"""What a forest does in a run: trees, the statistics of their leaves, and the ops on both."""
