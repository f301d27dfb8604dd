"""The verbs that bring data in and make editions, as the command line offers them."""
