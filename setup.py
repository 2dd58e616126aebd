from setuptools import setup

# Everything is declared in pyproject.toml; tools that still look for this file find it.
setup()
