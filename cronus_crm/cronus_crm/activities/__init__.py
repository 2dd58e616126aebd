"""Activities: calendar, pending work, automatic follow-ups, reminders, repetition, traffic lights."""
