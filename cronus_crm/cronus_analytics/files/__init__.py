"""A customer's documents and statement as files."""
