"""What is owed: hours, calendars, agreements, promises and their sums. Pure, standard library only."""
