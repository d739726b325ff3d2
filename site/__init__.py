"""Stories and issues → what people read."""
