"""The soak: ten minutes of everything at once on PostgreSQL with two hosts, and then the books.

``make soak`` runs it. ``course`` says what happens when; ``reps`` and ``sources`` are who works meanwhile,
through ``balancer``; ``installation``, ``hosts`` and ``releases`` are what serves them. ``tally``, ``memory``
and ``books`` keep count, and ``report`` prints it. What it shares with the bench comes from there.
"""
