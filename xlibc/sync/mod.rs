//! Mutex, Condvar, RwLock, Once over futex words.
