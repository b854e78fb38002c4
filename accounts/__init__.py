"""People, directorates, appointments, delegations, history and letters: what every other floor rests on."""
