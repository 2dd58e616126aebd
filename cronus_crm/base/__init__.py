"""Shared building blocks of all modules. It knows none of our DocTypes except the settings."""
