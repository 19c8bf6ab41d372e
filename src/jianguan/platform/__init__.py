"""The ground floor of the house: people, places, the journal, documents, messages, jobs. Knows no construction."""
