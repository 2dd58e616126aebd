"""Figures that several pages show: each is defined and computed in one place."""
