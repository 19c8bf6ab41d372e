"""The libraries 四库: enterprises, people, projects; what every other room refers to."""
