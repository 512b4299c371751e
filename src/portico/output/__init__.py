"""What Portico sends out as a file or a message."""
