"""Forms from declarations 表单: a JSON Schema file becomes a page, and what is posted becomes a checked record."""
