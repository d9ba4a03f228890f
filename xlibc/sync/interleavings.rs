//! Each lock under thousands of schedules (`platform_sim::interleave`): nobody sleeps for ever, whatever the order of steps,
//! of wakes, of deadlines and signals; and memory is not used once its owner may have given it back.

use platform::{Deadline, Errno, Result, Timespec, abi::clock};
use platform_sim::{give_back, interleave};

use super::atomic::{AtomicU32, Ordering::SeqCst};
use super::*;
use crate::rt::host;

const SEEDS: std::ops::Range<u64> = 0..1000;

/// So many nanoseconds after the start of the schedule.
fn at(nanoseconds: i64) -> Option<Deadline> {
    Some(Deadline { clock: clock::MONOTONIC, time: Timespec { seconds: 0, nanoseconds } })
}

/// As a program does that knows of signals.
fn wait_through_signals(semaphore: &Semaphore) {
    while semaphore.wait(host(), None) == Err(Errno::INTR) {}
}

/// A count that two threads at a time would get wrong: between its two steps others may run.
#[derive(Default)]
struct Guarded(AtomicU32);

impl Guarded {
    fn add_one(&self) {
        let before = self.0.load(SeqCst);
        self.0.store(before + 1, SeqCst);
    }
}

#[test]
fn four_waiters_take_what_four_threads_post() {
    // One schedule in thousands loses a wake where a waiter clears the mark of the others.
    for seed in 0..4000 {
        let semaphore = Semaphore::new(0, false);
        let wait = || (0..2).for_each(|_| wait_through_signals(&semaphore));
        let post = || (0..2).for_each(|_| semaphore.post(host()).unwrap());
        interleave(seed, &[&wait, &wait, &wait, &wait, &post, &post, &post, &post]);
        assert_eq!(semaphore.value(), 0, "seed {seed}");
    }
}

#[test]
fn a_semaphore_counts_right_with_deadlines_and_tries() {
    for seed in SEEDS {
        let (semaphore, taken) = (Semaphore::new(0, false), AtomicU32::new(0));
        let count = |result: Result<()>| {
            taken.fetch_add(u32::from(result.is_ok()), SeqCst);
        };
        let stays = || wait_through_signals(&semaphore);
        let (hurries, tries) = (|| count(semaphore.wait(host(), at(10))), || count(semaphore.try_wait()));
        let post = || semaphore.post(host()).unwrap();
        interleave(seed, &[&hurries, &stays, &hurries, &tries, &post, &post, &post, &post]);
        assert_eq!(semaphore.value() + taken.load(SeqCst), 3, "seed {seed}");
    }
}

#[test]
fn a_semaphore_may_go_as_soon_as_its_waits_have_returned() {
    for seed in SEEDS {
        let (semaphore, left) = (Semaphore::new(0, false), AtomicU32::new(2));
        let wait = || {
            wait_through_signals(&semaphore);
            if left.fetch_sub(1, SeqCst) == 1 {
                assert!(!semaphore.is_waited_for());
                give_back(&semaphore);
            }
        };
        let post = || semaphore.post(host()).unwrap();
        interleave(seed, &[&wait, &wait, &post, &post]);
    }
}

#[test]
fn readers_come_in_while_others_read() {
    for seed in SEEDS {
        let (lock, inside) = (RwLock::new(false), Barrier::new(2, false));
        // One that sleeps while only the other reads would never meet it.
        let read = |me| {
            lock.read(host(), me, None).unwrap();
            inside.wait(host());
            lock.unlock(host(), me).unwrap();
        };
        let write = || {
            lock.write(host(), 3, None).unwrap();
            lock.unlock(host(), 3).unwrap();
        };
        interleave(seed, &[&|| read(1), &|| read(2), &write]);
        assert!(!lock.is_held());
    }
}

#[test]
fn a_writer_is_alone() {
    for seed in SEEDS {
        let (lock, count, done) = (RwLock::new(false), Guarded::default(), AtomicU32::new(0));
        let write = |me, deadline| {
            if lock.write(host(), me, deadline).is_ok() {
                count.add_one();
                done.fetch_add(1, SeqCst);
                lock.unlock(host(), me).unwrap();
            }
        };
        let read = |me, deadline| {
            if lock.read(host(), me, deadline).is_ok() {
                let before = count.0.load(SeqCst);
                assert_eq!(count.0.load(SeqCst), before);
                lock.unlock(host(), me).unwrap();
            }
        };
        let (twice, hurries) = (|| (0..2).for_each(|_| write(1, None)), || write(2, at(5)));
        interleave(seed, &[&twice, &hurries, &|| write(5, None), &|| read(3, None), &|| read(4, at(5))]);
        assert_eq!(count.0.load(SeqCst), done.load(SeqCst), "seed {seed}");
        assert!(!lock.is_held());
    }
}

#[test]
fn a_barrier_takes_more_threads_than_its_count() {
    for (count, seeds) in [(2, SEEDS), (4, SEEDS)] {
        for seed in seeds {
            let (barrier, serial) = (Barrier::new(count, false), AtomicU32::new(0));
            let wait = || {
                serial.fetch_add(u32::from(barrier.wait(host()).0), SeqCst);
            };
            interleave(seed, &vec![&wait as platform_sim::Body<'_>; 2 * count as usize]);
            assert_eq!(serial.load(SeqCst), 2, "seed {seed}");
        }
    }
}

#[test]
fn nobody_leaves_a_barrier_early() {
    for seed in SEEDS {
        let (barrier, arrived) = (Barrier::new(3, false), AtomicU32::new(0));
        let wait = || {
            for round in 1..=2 {
                arrived.fetch_add(1, SeqCst);
                barrier.wait(host());
                assert!(arrived.load(SeqCst) >= 3 * round);
            }
        };
        interleave(seed, &[&wait, &wait, &wait]);
    }
}

#[test]
fn a_barrier_may_go_as_soon_as_its_serial_thread_has_destroyed_it() {
    for seed in SEEDS {
        let barrier = Barrier::new(3, false);
        let wait = || {
            if barrier.wait(host()) == Serial(true) {
                assert!(barrier.destroy(host()));
                give_back(&barrier);
            }
        };
        interleave(seed, &[&wait, &wait, &wait]);
    }
}

#[test]
fn a_lock_has_one_holder_and_forgets_no_waiter() {
    for seed in SEEDS {
        let (lock, count) = (Lock::new(), Guarded::default());
        let twice = || {
            for _ in 0..2 {
                lock.lock(host());
                count.add_one();
                lock.unlock(host());
            }
        };
        interleave(seed, &[&twice, &twice, &twice]);
        assert_eq!(count.0.load(SeqCst), 6, "seed {seed}");
    }
}

#[test]
fn mutexes_of_each_kind_have_one_owner() {
    for (kind, seeds) in [(Kind::Normal, SEEDS), (Kind::Recursive, SEEDS), (Kind::ErrorCheck, SEEDS)] {
        for seed in seeds {
            let (mutex, count, done) = (Mutex::new(kind, false), Guarded::default(), AtomicU32::new(0));
            let work = |me, deadline| {
                if mutex.lock(host(), me, deadline).is_err() {
                    return;
                }
                let again = kind == Kind::Recursive;
                if again {
                    mutex.lock(host(), me, None).unwrap();
                }
                count.add_one();
                done.fetch_add(1, SeqCst);
                (0..=u32::from(again)).for_each(|_| mutex.unlock(host(), me).unwrap());
            };
            interleave(seed, &[&|| work(1, None), &|| work(2, at(5)), &|| work(3, None), &|| work(4, at(9))]);
            assert_eq!(count.0.load(SeqCst), done.load(SeqCst), "seed {seed}");
            assert!(!mutex.is_held());
        }
    }
}

#[test]
fn a_mutex_may_go_as_soon_as_its_last_owner_has_freed_it() {
    for seed in SEEDS {
        let (mutex, users) = (Mutex::new(Kind::ErrorCheck, false), Guarded::default());
        let use_once = |me| {
            mutex.lock(host(), me, None).unwrap();
            users.add_one();
            let is_last = users.0.load(SeqCst) == 3;
            mutex.unlock(host(), me).unwrap();
            if is_last {
                give_back(&mutex);
            }
        };
        interleave(seed, &[&|| use_once(1), &|| use_once(2), &|| use_once(3)]);
    }
}

#[test]
fn a_queue_of_a_condition_variable_forgets_nobody() {
    for seed in SEEDS {
        let (condvar, mutex) = (Condvar::new(clock::MONOTONIC, false), Mutex::new(Kind::Normal, false));
        let (items, taken) = (AtomicU32::new(0), AtomicU32::new(0));
        let take = |me, deadline| {
            mutex.lock(host(), me, None).unwrap();
            let mut waited = Ok(());
            while items.load(SeqCst) == 0 && waited.is_ok() {
                waited = condvar.wait(host(), &mutex, me, deadline);
            }
            if items.load(SeqCst) > 0 {
                items.fetch_sub(1, SeqCst);
                taken.fetch_add(1, SeqCst);
            }
            mutex.unlock(host(), me).unwrap();
        };
        let give = |me| {
            mutex.lock(host(), me, None).unwrap();
            items.fetch_add(1, SeqCst);
            mutex.unlock(host(), me).unwrap();
            condvar.signal(host());
        };
        let give_two = || (0..2).for_each(|_| give(4));
        interleave(seed, &[&|| take(1, None), &|| take(2, None), &|| take(3, at(10)), &give_two, &|| give(5)]);
        assert_eq!(items.load(SeqCst) + taken.load(SeqCst), 3, "seed {seed}");
    }
}

#[test]
fn who_gets_a_signal_returns_and_can_pass_it_on() {
    for seed in SEEDS {
        let (condvar, mutex) = (Condvar::new(clock::MONOTONIC, false), Mutex::new(Kind::Normal, false));
        let open = AtomicU32::new(0);
        // The second waits for what never comes, and begins, perhaps, while the signal is on its way.
        let wait_for = |me: i32, deadline| {
            mutex.lock(host(), me, None).unwrap();
            while open.load(SeqCst) < me as u32 && condvar.wait(host(), &mutex, me, deadline).is_ok() {
                condvar.signal(host());
            }
            mutex.unlock(host(), me).unwrap();
        };
        let open_one = || {
            mutex.lock(host(), 3, None).unwrap();
            open.fetch_add(1, SeqCst);
            mutex.unlock(host(), 3).unwrap();
            condvar.signal(host());
        };
        interleave(seed, &[&|| wait_for(1, None), &|| wait_for(2, at(10)), &open_one]);
    }
}

#[test]
fn a_condition_variable_may_go_after_a_broadcast() {
    for seed in SEEDS {
        let (condvar, mutex) = (Condvar::new(clock::MONOTONIC, false), Mutex::new(Kind::Normal, false));
        let go = AtomicU32::new(0);
        let wait = |me| {
            mutex.lock(host(), me, None).unwrap();
            // Who comes later finds it gone, and does not wait.
            while go.load(SeqCst) == 0 {
                condvar.wait(host(), &mutex, me, None).unwrap();
            }
            mutex.unlock(host(), me).unwrap();
        };
        let end = || {
            mutex.lock(host(), 4, None).unwrap();
            go.store(1, SeqCst);
            condvar.broadcast(host());
            condvar.destroy(host());
            give_back(&condvar);
            mutex.unlock(host(), 4).unwrap();
        };
        interleave(seed, &[&|| wait(1), &|| wait(2), &|| wait(3), &end]);
    }
}

#[test]
fn work_of_a_once_is_done_once_and_waited_for() {
    for seed in SEEDS {
        let (once, attempts, done) = (Once::new(), AtomicU32::new(0), AtomicU32::new(0));
        let call = || {
            while once.enter(host()) == Enter::Run {
                // The first gives up.
                let succeeds = attempts.fetch_add(1, SeqCst) > 0;
                done.fetch_add(u32::from(succeeds), SeqCst);
                once.leave(host(), succeeds);
            }
            assert_eq!(done.load(SeqCst), 1);
        };
        interleave(seed, &[&call, &call, &call]);
        assert_eq!(attempts.load(SeqCst), 2, "seed {seed}");
    }
}
