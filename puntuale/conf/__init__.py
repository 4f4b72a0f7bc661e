"""Where everything is put together: settings, routes, the database, the processes, the command line's entry."""
