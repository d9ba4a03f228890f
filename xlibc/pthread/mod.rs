//! `<pthread.h>`, `<threads.h>`, `<semaphore.h>`, thread-local storage.
