"""`tf.keras.preprocessing`: sequences, texts and images made ready for a model."""
from minitf.keras.preprocessing import image, sequence, text

__all__ = ["image", "sequence", "text"]
