"""Small image files: pictures.json has their bytes in base 64. They were written by TensorFlow's
own encoders and by Pillow."""

import base64
import json
import os

HERE = os.path.dirname(os.path.abspath(__file__))


def picture(name):
    """The bytes of the file of this name, such as "rgb.png"."""
    with open(os.path.join(HERE, "pictures.json")) as file:
        return base64.b64decode(json.load(file)[name])
