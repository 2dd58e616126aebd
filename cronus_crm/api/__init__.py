"""The addresses that the desk and programs call: one module for each subject, thin.

A function here has typed arguments and calls one function of the module that does the work. Nothing else of
the app is whitelisted but what the framework finds by its place: see tests/test_doors.py.
"""
