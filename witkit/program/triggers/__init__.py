"""What calls applications: one module or folder per trigger."""
