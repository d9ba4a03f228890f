//! An operating system in memory, for tests.
