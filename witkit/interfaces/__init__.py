"""Floor 4: typed host packages of the interfaces in `wit/`, written by `witkit gen host`."""
