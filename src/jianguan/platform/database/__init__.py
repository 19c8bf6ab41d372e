"""The database the product runs on: embedded by default, `DATABASE_URL` in production."""
