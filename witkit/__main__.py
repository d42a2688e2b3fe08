"""`python -m witkit` is `witkit`."""

from witkit.cli import main

if __name__ == "__main__":
    main()
