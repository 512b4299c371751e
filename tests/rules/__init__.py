"""The project rules no linter knows, each with a sample that keeps it and one that breaks it."""
