"""What is owed and paid: payments, credit notes, instalments, credit limits."""
