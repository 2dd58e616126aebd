"""Commercial documents: what becomes what, how they add up, and what they mean to the rest of the app."""
