"""On the site: supervision files, inspections, hazards, people and machines."""
