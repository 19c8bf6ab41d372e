"""The pure floor: facts of the field as functions of their inputs. No Django, no database, no clock of its own."""
