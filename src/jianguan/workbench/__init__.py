"""What officers and enterprises see."""
