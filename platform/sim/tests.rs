use platform::abi::{at, clock, open};
use platform::{
    Deadline, Errno, Files, Futex, Hook, INTERRUPTED, Names, Operation, Process, Result, Threads, Time, Timespec,
    Value, Waiting, Wrapped,
};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::{Body, Sim, System, atomic, give_back, interleave};

const HERE: i32 = at::CURRENT_DIRECTORY;

#[test]
fn a_full_disk_takes_what_fits_then_refuses() {
    let sim = Sim::default();
    sim.limit_disk(5);
    let fd = sim.open(HERE, b"file", open::CREATE | open::WRITE_ONLY, 0o600).unwrap();
    assert_eq!(sim.write(fd, b"abcdefgh"), Ok(5));
    assert_eq!(sim.write(fd, b"f"), Err(Errno::NOSPC));
    assert_eq!(sim.file(b"/home/file").unwrap(), b"abcde");
}

#[test]
fn an_unlinked_file_lives_until_its_last_descriptor_closes() {
    let sim = Sim::default();
    let fd = sim.open(HERE, b"file", open::CREATE | open::READ_WRITE, 0o600).unwrap();
    sim.unlink(HERE, b"file", 0).unwrap();
    assert_eq!(sim.write(fd, b"still"), Ok(5));
    assert_eq!(sim.stat(fd, b"", at::EMPTY_PATH).unwrap().nlink, 0);
    let copy = sim.duplicate(fd, 0, false).unwrap();
    sim.close(fd).unwrap();
    let mut buffer = [0; 8];
    assert_eq!(sim.read_at(copy, &mut buffer, 0), Ok(5));
    sim.close(copy).unwrap();
    assert_eq!(sim.stat(HERE, b"file", 0), Err(Errno::NOENT));
}

#[test]
fn symlink_loops_end_in_eloop() {
    let sim = Sim::default();
    sim.symlink(b"b", HERE, b"a").unwrap();
    sim.symlink(b"a", HERE, b"b").unwrap();
    assert_eq!(sim.open(HERE, b"a", 0, 0), Err(Errno::LOOP));
    assert_eq!(sim.stat(HERE, b"a", at::SYMLINK_NOFOLLOW).unwrap().size, 1);
}

#[test]
fn a_fault_strikes_once_and_on_time() {
    let sim = Sim::default();
    sim.hook.fail_once("clock", 1, Errno::INTR);
    assert!(sim.clock(0).is_ok());
    assert_eq!(sim.clock(0), Err(Errno::INTR));
    assert!(sim.clock(0).is_ok());
}

/// Writes down what was asked for and what came back.
#[derive(Default)]
struct Log(Mutex<Vec<String>>);

impl Hook for Log {
    fn after(&self, operation: Operation, arguments: &[Value<'_>], result: Result<Value<'_>>) {
        self.0.lock().unwrap().push(format!("{} {arguments:?} = {result:?}", operation.name));
    }
}

#[test]
fn a_hook_sees_arguments_and_results() {
    let host = Wrapped { inner: System::default(), hook: Log::default() };
    let fd = host.open(HERE, b"file", open::CREATE | open::READ_WRITE, 0o600).unwrap();
    host.write(fd, b"a\n").unwrap();
    let mut buffer = [0; 3];
    host.read_at(fd, &mut buffer, 1).unwrap();
    assert_eq!(host.close(9), Err(Errno::BADF));
    host.process_id();
    assert_eq!(
        *host.hook.0.lock().unwrap(),
        [
            "open [-100, \"file\", 66, 384] = Ok(3)",
            "write [3, \"a\\n\"] = Ok(2)",
            "read_at [3, \"\\n\\x00\\x00\", 1] = Ok(1)",
            "close [9] = Err(EBADF)",
            "process_id [] = Ok(42)",
        ]
    );
}

#[test]
fn a_wake_reaches_as_many_as_it_says_the_longest_sleepers_first() {
    let (word, order) = (AtomicU32::new(0), Mutex::new(Vec::new()));
    let sim = Sim::default();
    let until = |count| {
        while order.lock().unwrap().len() < count {
            std::thread::yield_now()
        }
    };
    std::thread::scope(|scope| {
        for number in 0..3 {
            let (word, order, sim) = (&word, &order, &sim);
            let asleep = crate::futex::asleep_on(word);
            scope.spawn(move || {
                sim.futex_wait(word, 0, None, 0).unwrap();
                order.lock().unwrap().push(number);
            });
            while crate::futex::asleep_on(word) == asleep {
                std::thread::yield_now();
            }
        }
        assert_eq!(sim.futex_wake(&word, 0, false), Ok(0));
        assert_eq!(sim.futex_wake(&word, 1, false), Ok(1));
        until(1);
        assert_eq!((order.lock().unwrap().as_slice(), crate::futex::asleep_on(&word)), ([0].as_slice(), 2));
        assert_eq!(sim.futex_wake(&word, 9, false), Ok(2));
        until(3);
        assert_eq!(sim.futex_wake(&word, 9, false), Ok(0));
    });
}

/// Adds one in two steps, in each of two threads; the sum.
fn careless_sum(seed: u64) -> u32 {
    let sum = atomic::AtomicU32::new(0);
    let add = || sum.store(sum.load(Ordering::SeqCst) + 1, Ordering::SeqCst);
    interleave(seed, &[&add, &add]);
    sum.load(Ordering::SeqCst)
}

#[test]
fn seeds_show_a_race_and_show_it_again() {
    let sums: Vec<_> = (0..100).map(careless_sum).collect();
    assert!(sums.contains(&1) && sums.contains(&2));
    assert_eq!(sums, (0..100).map(careless_sum).collect::<Vec<_>>());
}

/// The message of the schedule's failure.
fn failure(seed: u64, bodies: &[Body<'_>]) -> Option<String> {
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| interleave(seed, bodies)));
    caught.err().map(|panic| *panic.downcast().unwrap())
}

#[test]
fn a_lost_wake_and_memory_that_is_gone_fail_a_schedule() {
    let sim = Sim::default();
    let failures: Vec<_> = (0..50)
        .map(|seed| {
            let word = atomic::AtomicU32::new(0);
            // The flag is set, but nobody is woken.
            let set = || word.store(1, Ordering::SeqCst);
            failure(seed, &[&|| assert_ne!(sim.futex_wait(&word, 0, None, 0), Err(Errno::INVAL)), &set])
        })
        .collect();
    assert!(failures.iter().flatten().any(|message| message.ends_with("threads [0] sleep for ever")));
    assert!(failures.contains(&None));
    let word = atomic::AtomicU32::new(0);
    assert_eq!(failure(7, &[&|| give_back(&word), &|| ()]), None);
    let uses = || {
        give_back(&word);
        word.store(1, Ordering::SeqCst);
    };
    assert_eq!(failure(7, &[&uses]).unwrap(), "seed 7: thread 0 panicked");
}

#[test]
fn time_in_a_schedule_passes_when_all_sleep() {
    let sim = Sim::default();
    for seed in 0..50 {
        let word = AtomicU32::new(0);
        let hour = Deadline { clock: clock::MONOTONIC, time: Timespec { seconds: 3600, nanoseconds: 0 } };
        let wait = || while sim.futex_wait(&word, 0, Some(hour), 0) != Err(Errno::TIMEDOUT) {};
        interleave(seed, &[&wait, &wait]);
    }
}

/// A block that a slot points to.
#[repr(C)]
#[derive(Default)]
struct Block {
    head: [AtomicU32; 2],
    interrupt: AtomicU32,
}

/// What a thread waits for, for ever: a word, or nothing.
#[derive(Clone, Copy, PartialEq)]
enum Endless {
    Word,
    Many,
}

/// One thread waits, another interrupts it; both as the seed says. `tells`: the host is told.
fn interrupted(seed: u64, way: Endless, tells: bool) -> Option<String> {
    let (sim, block) = (Sim::default(), Block::default());
    let (word, waiter) = (AtomicU32::new(0), AtomicU32::new(0));
    let wait = || {
        waiter.store(sim.thread_id() as u32, Ordering::SeqCst);
        sim.set_thread_slot((&raw const block).expose_provenance());
        // A wait may end for other reasons; this one is noticed.
        while block.interrupt.load(Ordering::SeqCst) != INTERRUPTED {
            match way {
                Endless::Word => drop(sim.futex_wait(&word, 0, None, 0)),
                Endless::Many => drop(sim.wait_many(&mut [], None, None)),
            }
        }
        sim.set_thread_slot(0);
    };
    let interrupt = || {
        block.interrupt.store(INTERRUPTED, Ordering::SeqCst);
        sim.yield_now();
        let thread = waiter.load(Ordering::SeqCst) as i32;
        if tells && thread != 0 {
            sim.thread_interrupt(thread).unwrap();
        }
    };
    failure(seed, &[&wait, &interrupt])
}

#[test]
fn no_schedule_loses_an_interruption() {
    for seed in 0..2000 {
        for way in [Endless::Word, Endless::Many] {
            assert_eq!(interrupted(seed, way, true), None);
        }
    }
    // A host that is not told leaves the thread asleep: the schedules would show it.
    let untold: Vec<_> = (0..200).filter_map(|seed| interrupted(seed, Endless::Word, false)).collect();
    assert!(untold.iter().any(|message| message.ends_with("threads [0] sleep for ever")));
}
