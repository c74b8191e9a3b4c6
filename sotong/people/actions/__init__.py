"""What changes who works here. Every action records itself in the audit trail."""
