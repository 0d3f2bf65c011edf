"""Small TensorFlow 1 programs, by topic: every public function is one snippet."""
