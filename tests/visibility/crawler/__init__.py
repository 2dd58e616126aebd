"""Calls every function that is reachable over HTTP with records of another seller, and checks answers and
database.

The functions come from the framework (`register`). Their arguments are made from their signatures
(`arguments`) and, where these do not suffice, by `special_questions`. `crawl` asks, and reports what was
disclosed, changed or broken. Functions that are not asked stand in `excluded`, with the reason for each.
"""
