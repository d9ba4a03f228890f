//! `<pthread.h>`, `<threads.h>`, `<semaphore.h>`, thread-local storage.
//!
//! A thread is its block (`rt::Thread`), and `pthread_t` the block's address. The block comes from the allocator, the stack from
//! the host. Stacks have 1 MiB unless asked for otherwise: Linux commits it page by page, Windows reserves it; musl's 128 KiB is
//! too little for much C++ code, glibc's 8 MiB too much where memory is charged when reserved.
//!
//! A thread ends in this order: cleanup handlers, C++ `thread_local` destructors, key destructors (up to four rounds, each
//! with the `thread_local` destructors that it registered), emulated TLS memory, the allocator's cache, the block.
//!
//! There is no cancellation and there are no scheduling policies besides `SCHED_OTHER`: names for them are not exported, and
//! attributes that would ask for them are refused with `ENOTSUP`.

pub mod abi;
mod arch;
mod attributes;
mod blocks;
pub mod cleanup;
pub mod emutls;
pub mod keys;
mod layout;
pub mod once;
mod thread;

pub use layout::{
    cnd_t, mtx_t, pthread_attr_t, pthread_barrier_t, pthread_barrierattr_t, pthread_cond_t, pthread_condattr_t,
    pthread_mutex_t, pthread_mutexattr_t, pthread_rwlock_t, pthread_rwlockattr_t, sem_t,
};
pub use thread::{Handle, STACK_BYTES, create, detach, end_thread, join, kill};

#[cfg(test)]
mod tests;
