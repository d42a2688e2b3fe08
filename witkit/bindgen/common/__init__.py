"""What every target shares: names, imports, views, templates, layout."""
