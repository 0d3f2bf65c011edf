"""`distutils`, of before Python 3.12, for where setuptools does not bring it."""
