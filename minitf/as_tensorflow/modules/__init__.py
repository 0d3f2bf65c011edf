"""Modules that TensorFlow kept to itself and whose names have no public home: libraries that sit on
TensorFlow 1 (Keras, TFLearn, TensorLayer, Sonnet, Edward, GPflow) import them all the same."""
