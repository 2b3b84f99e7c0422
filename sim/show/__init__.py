"""What a person is shown of a simulation: tables, pictures, a page."""
