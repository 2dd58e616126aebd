"""Figures that several pages show, each computed once."""
