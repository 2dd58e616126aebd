"""The printed pages of documents and payments."""
