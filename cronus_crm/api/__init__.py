"""The whitelisted functions that the desk and programs call, one module for each subject.

Each function has typed arguments and calls one function of the module that does the work. Nothing else in the
app is whitelisted, except functions that the framework finds by their place: see tests/test_doors.py.
"""
