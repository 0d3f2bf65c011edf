"""Values recorded from TensorFlow 1.15.5, and the code that records and compares them."""
