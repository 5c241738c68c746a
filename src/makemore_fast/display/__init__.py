"""What is seen: tables, pictures and progress bars."""
