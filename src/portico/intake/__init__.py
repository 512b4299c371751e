"""What arrives as a file: readers of formats, and the one way what they read becomes a document."""
