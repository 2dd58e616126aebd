"""What people do and have to do: calendar, pending work, follow-ups, reminders, traffic lights."""
