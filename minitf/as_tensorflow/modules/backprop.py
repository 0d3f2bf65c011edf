"""`tensorflow.python.eager.backprop`: what tf.contrib.eager has under other names."""
import minitf as tf

GradientTape = tf.GradientTape
gradients_function = tf.contrib.eager.gradients_function
implicit_grad = tf.contrib.eager.implicit_gradients
implicit_val_and_grad = tf.contrib.eager.implicit_value_and_gradients
val_and_grad_function = tf.contrib.eager.value_and_gradients_function
