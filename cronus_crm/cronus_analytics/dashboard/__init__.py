"""The figures of the dashboard: its cards and charts."""
