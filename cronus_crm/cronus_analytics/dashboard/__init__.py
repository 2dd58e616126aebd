"""The dashboard: cards and charts."""
