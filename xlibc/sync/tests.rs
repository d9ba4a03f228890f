//! Tests of the locks with real threads on the simulated host.

use std::cell::UnsafeCell;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;

use platform::{Deadline, Errno, Time, Timespec, abi::clock};

use super::*;
use crate::rt::{host, thread as block};

fn me() -> i32 {
    block().id.get()
}

/// So many milliseconds from now.
fn soon(clock: i32, ms: u64) -> Option<Deadline> {
    Some(Deadline { clock, time: host().clock(clock).unwrap().saturating_add_ns(ms * 1_000_000) })
}

const PAST: Option<Deadline> =
    Some(Deadline { clock: clock::REALTIME, time: Timespec { seconds: -5, nanoseconds: 0 } });
const WRONG: Option<Deadline> =
    Some(Deadline { clock: clock::REALTIME, time: Timespec { seconds: 1 << 40, nanoseconds: 1_000_000_000 } });

#[test]
fn four_threads_count_together_under_each_lock() {
    struct Shared {
        locked: Locked<u64>,
        mutex: Mutex,
        rwlock: RwLock,
        counts: UnsafeCell<[u64; 2]>,
    }
    // SAFETY: `counts` is touched under the locks only; the locks are atomics.
    unsafe impl Sync for Shared {}
    let shared = Shared {
        locked: Locked::new(0),
        mutex: Mutex::new(Kind::Recursive, false),
        rwlock: RwLock::new(false),
        counts: UnsafeCell::new([0; 2]),
    };
    let whole = &shared;
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(move || {
                for _ in 0..2000 {
                    whole.locked.with(host(), |count| *count += 1);
                    whole.mutex.lock(host(), me(), None).unwrap();
                    whole.mutex.lock(host(), me(), None).unwrap();
                    // SAFETY: the mutex is held.
                    unsafe { (*whole.counts.get())[0] += 1 };
                    whole.mutex.unlock(host(), me()).unwrap();
                    whole.mutex.unlock(host(), me()).unwrap();
                    whole.rwlock.write(host(), me(), None).unwrap();
                    // SAFETY: the lock is held for writing.
                    unsafe { (*whole.counts.get())[1] += 1 };
                    whole.rwlock.unlock(host(), me()).unwrap();
                    whole.rwlock.read(host(), me(), None).unwrap();
                    whole.rwlock.unlock(host(), me()).unwrap();
                }
            });
        }
    });
    // SAFETY: all threads have ended.
    assert_eq!((shared.locked.with(host(), |count| *count), unsafe { *shared.counts.get() }), (8000, [8000, 8000]));
    assert!(!shared.mutex.is_held() && !shared.rwlock.is_held());
}

#[test]
fn kinds_answer_a_second_lock_as_posix_says() {
    let table = [
        (Kind::Normal, Err(Errno::TIMEDOUT), Err(Errno::BUSY), Ok(())),
        (Kind::Recursive, Ok(()), Ok(()), Err(Errno::PERM)),
        (Kind::ErrorCheck, Err(Errno::DEADLK), Err(Errno::BUSY), Err(Errno::PERM)),
    ];
    for (kind, again, tried, by_another) in table {
        let mutex = Mutex::new(kind, false);
        mutex.lock(host(), 1, None).unwrap();
        assert_eq!(mutex.lock(host(), 1, soon(clock::REALTIME, 5)), again, "{kind:?}");
        assert_eq!(mutex.try_lock(1), tried, "{kind:?}");
        assert_eq!(mutex.try_lock(2), Err(Errno::BUSY), "{kind:?}");
        assert_eq!(mutex.unlock(host(), 2), by_another, "{kind:?}");
    }
    let mutex = Mutex::new(Kind::ErrorCheck, false);
    assert_eq!(mutex.unlock(host(), 1), Err(Errno::PERM));
}

#[test]
fn deadlines_are_kept_and_checked_only_when_waiting() {
    let mutex = Mutex::new(Kind::Normal, false);
    assert_eq!(mutex.lock(host(), 1, WRONG), Ok(()));
    assert_eq!(mutex.lock(host(), 2, WRONG), Err(Errno::INVAL));
    assert_eq!(mutex.lock(host(), 2, PAST), Err(Errno::TIMEDOUT));
    assert_eq!(mutex.lock(host(), 2, soon(clock::MONOTONIC, 10)), Err(Errno::TIMEDOUT));
    mutex.unlock(host(), 1).unwrap();
    assert_eq!(mutex.lock(host(), 2, PAST), Ok(()));

    let rwlock = RwLock::new(false);
    rwlock.write(host(), 1, None).unwrap();
    assert_eq!(rwlock.read(host(), 2, soon(clock::REALTIME, 10)), Err(Errno::TIMEDOUT));
    assert_eq!(rwlock.write(host(), 2, WRONG), Err(Errno::INVAL));

    let semaphore = Semaphore::new(0, false);
    assert_eq!(semaphore.wait(host(), soon(clock::REALTIME, 10)), Err(Errno::TIMEDOUT));
    assert_eq!(semaphore.wait(host(), WRONG), Err(Errno::INVAL));
    semaphore.post(host()).unwrap();
    assert_eq!(semaphore.wait(host(), WRONG), Ok(()));

    let (condvar, mutex) = (Condvar::new(clock::MONOTONIC, false), Mutex::new(Kind::ErrorCheck, false));
    assert_eq!(condvar.wait(host(), &mutex, 1, None), Err(Errno::PERM));
    mutex.lock(host(), 1, None).unwrap();
    assert_eq!(condvar.wait(host(), &mutex, 1, WRONG), Err(Errno::INVAL));
    assert_eq!(condvar.wait(host(), &mutex, 1, soon(clock::MONOTONIC, 10)), Err(Errno::TIMEDOUT));
    assert_eq!(mutex.unlock(host(), 1), Ok(()));
}

#[test]
fn read_write_locks_know_who_may() {
    let lock = RwLock::new(false);
    assert_eq!(lock.unlock(host(), 1), Err(Errno::PERM));
    lock.read(host(), 1, None).unwrap();
    lock.read(host(), 1, None).unwrap();
    assert_eq!((lock.try_read(), lock.try_write(2)), (Ok(()), Err(Errno::BUSY)));
    for _ in 0..3 {
        lock.unlock(host(), 1).unwrap();
    }
    lock.write(host(), 1, None).unwrap();
    assert_eq!((lock.try_read(), lock.try_write(1)), (Err(Errno::BUSY), Err(Errno::BUSY)));
    assert_eq!(lock.read(host(), 1, None), Err(Errno::DEADLK));
    assert_eq!(lock.write(host(), 1, None), Err(Errno::DEADLK));
    assert_eq!(lock.unlock(host(), 2), Err(Errno::PERM));
    assert_eq!(lock.unlock(host(), 1), Ok(()));
}

#[test]
fn a_queue_passes_every_item_and_the_condition_variable_dies_at_once() {
    for _ in 0..20 {
        let condvar = Condvar::new(clock::REALTIME, false);
        let mutex = Mutex::new(Kind::Normal, false);
        let (items, taken) = (AtomicU32::new(0), AtomicU32::new(0));
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        mutex.lock(host(), me(), None).unwrap();
                        while items.load(Ordering::Relaxed) == 0 {
                            condvar.wait(host(), &mutex, me(), None).unwrap();
                        }
                        items.fetch_sub(1, Ordering::Relaxed);
                        taken.fetch_add(1, Ordering::Relaxed);
                        mutex.unlock(host(), me()).unwrap();
                    }
                });
            }
            for _ in 0..150 {
                mutex.lock(host(), me(), None).unwrap();
                items.fetch_add(1, Ordering::Relaxed);
                condvar.signal(host());
                mutex.unlock(host(), me()).unwrap();
            }
        });
        assert_eq!(taken.load(Ordering::Relaxed), 150);
        condvar.destroy(host());
    }
}

#[test]
fn a_broadcast_wakes_all_and_destroy_waits_for_them() {
    let condvar = Condvar::new(clock::REALTIME, false);
    let mutex = Mutex::new(Kind::Normal, false);
    let (waiting, go) = (AtomicU32::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                mutex.lock(host(), me(), None).unwrap();
                waiting.fetch_add(1, Ordering::SeqCst);
                while !go.load(Ordering::SeqCst) {
                    condvar.wait(host(), &mutex, me(), None).unwrap();
                }
                mutex.unlock(host(), me()).unwrap();
            });
        }
        loop {
            mutex.lock(host(), me(), None).unwrap();
            if waiting.load(Ordering::SeqCst) == 4 {
                break;
            }
            mutex.unlock(host(), me()).unwrap();
            thread::yield_now();
        }
        go.store(true, Ordering::SeqCst);
        condvar.broadcast(host());
        // With the mutex held, as POSIX allows.
        condvar.destroy(host());
        mutex.unlock(host(), me()).unwrap();
    });
}

#[test]
fn once_runs_once_and_again_after_it_was_given_up() {
    let (once, runs) = (Once::new(), AtomicU32::new(0));
    assert_eq!(once.enter(host()), Enter::Run);
    once.leave(host(), false);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                if once.enter(host()) == Enter::Run {
                    thread::sleep(std::time::Duration::from_millis(5));
                    runs.fetch_add(1, Ordering::Relaxed);
                    once.leave(host(), true);
                }
                assert_eq!(runs.load(Ordering::Relaxed), 1);
            });
        }
    });
    assert_eq!(once.enter(host()), Enter::Done);
}

#[test]
fn a_barrier_lets_nobody_through_early_and_names_one_thread_a_round() {
    let barrier = Barrier::new(4, false);
    let (count, serial) = (AtomicU32::new(0), AtomicU32::new(0));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for round in 1..=50 {
                    count.fetch_add(1, Ordering::SeqCst);
                    if barrier.wait(host()) == Serial(true) {
                        serial.fetch_add(1, Ordering::SeqCst);
                    }
                    assert!(count.load(Ordering::SeqCst) >= round * 4);
                }
            });
        }
    });
    assert_eq!(serial.load(Ordering::SeqCst), 50);
    assert!(barrier.destroy(host()));
    let one = Barrier::new(1, false);
    assert_eq!(one.wait(host()), Serial(true));
}

#[test]
fn semaphores_count_to_their_limit_and_hand_over() {
    let full = Semaphore::new(VALUE_MAX, false);
    assert_eq!(full.post(host()), Err(Errno::OVERFLOW));
    let semaphore = Semaphore::new(1, false);
    assert_eq!((semaphore.try_wait(), semaphore.try_wait()), (Ok(()), Err(Errno::AGAIN)));
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                for _ in 0..300 {
                    semaphore.wait(host(), None).unwrap();
                }
            });
        }
        for _ in 0..900 {
            semaphore.post(host()).unwrap();
        }
    });
    assert_eq!(semaphore.value(), 0);
}

#[test]
fn an_uncontended_lock_asks_the_host_for_nothing() {
    // A host whose futex calls all fail would show a wait; locks would spin for ever.
    let sim = platform_sim::sim();
    sim.hook.fail_always("futex_wait", 0, Errno::INVAL);
    sim.hook.fail_always("futex_wake", 0, Errno::INVAL);
    let mutex = Mutex::new(Kind::Normal, false);
    mutex.lock(host(), 1, None).unwrap();
    mutex.unlock(host(), 1).unwrap();
    let (condvar, semaphore) = (Condvar::default(), Semaphore::new(1, false));
    condvar.signal(host());
    condvar.broadcast(host());
    semaphore.wait(host(), None).unwrap();
    semaphore.post(host()).unwrap();
    sim.hook.heal("futex_wait");
    sim.hook.heal("futex_wake");
}
