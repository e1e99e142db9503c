"""Who is let in to the desk: tries that are counted, second factors, sessions that end."""
