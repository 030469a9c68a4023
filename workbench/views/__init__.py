"""What each page of the desk does with a request."""
