"""What leaves the house as a file or a message."""
