"""What every module stands on. Knows no DocType of ours but the settings."""
