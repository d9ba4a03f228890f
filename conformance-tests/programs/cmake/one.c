int one(void) { return 3; }
