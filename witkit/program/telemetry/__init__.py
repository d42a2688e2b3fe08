"""Spans of OpenTelemetry: one for each request, message or run, and one below it for each call of an import.

Only `opened` imports OpenTelemetry, and only if its environment variables ask for spans. Spans have names, statuses
and ids, and no arguments, results or messages of errors, because those may have secrets.
"""
