"""Photos of patients: kept with consent only, measured, and made the face that a plan is drawn on."""
