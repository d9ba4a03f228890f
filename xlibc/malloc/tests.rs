//! Tests of the allocator on the simulated host. The central heap is one for all of them.

use std::collections::HashSet;
use std::ptr::null_mut;
use std::thread;

use super::abi::*;
use super::*;
use crate::rt::thread as block;

/// A generator whose numbers tests can repeat (xorshift64, G. Marsaglia 2003).
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}

fn fill(object: *mut u8, bytes: usize, seed: u8) {
    for i in 0..bytes {
        // SAFETY: the object has that many bytes.
        unsafe { object.add(i).write(seed.wrapping_add(i as u8)) };
    }
}

fn holds(object: *mut u8, bytes: usize, seed: u8) -> bool {
    // SAFETY: the object has that many bytes.
    (0..bytes).all(|i| unsafe { object.add(i).read() } == seed.wrapping_add(i as u8))
}

#[test]
fn every_size_is_aligned_writable_and_apart_from_others() {
    let sizes = [0, 1, 7, 8, 9, 24, 25, 136, 137, 1024, 4096, SMALL_MAX - 1, SMALL_MAX, SMALL_MAX + 1]
        .into_iter()
        .chain([100_000, SPAN_OBJECT_MAX, SPAN_OBJECT_MAX + 1, 5 << 20]);
    let mut live = Vec::new();
    for (seed, bytes) in sizes.enumerate() {
        for _ in 0..3 {
            let object = allocate(bytes);
            assert!(!object.is_null() && (object as usize).is_multiple_of(ALIGN), "{bytes}");
            // SAFETY: in use.
            assert!(unsafe { usable(object) } >= bytes, "{bytes}");
            // SAFETY: in use.
            fill(object, unsafe { usable(object) }, seed as u8);
            live.push((object, bytes, seed as u8));
        }
    }
    for (object, bytes, seed) in live {
        assert!(holds(object, bytes, seed), "{bytes}");
        // SAFETY: in use.
        unsafe { release(object) };
    }
}

#[test]
fn a_long_mixed_run_keeps_every_byte() {
    let mut random = Random(88172645463325252);
    let mut live: Vec<(*mut u8, usize, u8)> = Vec::new();
    for step in 0..60_000 {
        let bytes = match random.below(100) {
            0..=79 => random.below(600),
            80..=95 => random.below(40_000),
            96..=98 => random.below(900_000),
            _ => random.below(3_000_000),
        };
        match random.below(5) {
            0 | 1 if live.len() < 500 => {
                let object = allocate(bytes);
                let shown = bytes.min(700);
                fill(object, shown, step as u8);
                live.push((object, shown, step as u8));
            }
            2 if !live.is_empty() => {
                let at = random.below(live.len());
                let (object, shown, seed) = live[at];
                // SAFETY: in use.
                let moved = unsafe { reallocate(object, bytes) };
                assert!(!moved.is_null());
                let kept = shown.min(bytes);
                assert!(holds(moved, kept, seed), "step {step}");
                live[at] = (moved, kept, seed);
            }
            3 => {
                let align = 16 << random.below(10);
                let object = allocate_aligned(align, bytes);
                assert_eq!(object as usize % align, 0);
                // SAFETY: in use.
                assert!(unsafe { usable(object) } >= bytes);
                let shown = bytes.min(700);
                fill(object, shown, step as u8);
                live.push((object, shown, step as u8));
            }
            _ if !live.is_empty() => {
                let (object, shown, seed) = live.swap_remove(random.below(live.len()));
                assert!(holds(object, shown, seed), "step {step}");
                // SAFETY: in use.
                unsafe { release(object) };
            }
            _ => {}
        }
    }
    for (object, shown, seed) in live {
        assert!(holds(object, shown, seed));
        // SAFETY: in use.
        unsafe { release(object) };
    }
}

#[test]
fn zeroed_memory_is_zero_also_where_it_was_used_before() {
    for bytes in [1, 100, 5000, 50_000, 2_000_000] {
        let used = allocate(bytes);
        fill(used, bytes, 1);
        // SAFETY: in use.
        unsafe { release(used) };
        let object = allocate_zeroed(bytes);
        // SAFETY: in use.
        assert!((0..bytes).all(|i| unsafe { object.add(i).read() } == 0), "{bytes}");
        // SAFETY: in use.
        unsafe { release(object) };
    }
}

#[test]
fn impossible_requests_fail_with_enomem_or_einval() {
    let errno = || block().errno.get();
    for size in [usize::MAX, isize::MAX as usize, isize::MAX as usize + 1, usize::MAX - 15] {
        block().errno.set(0);
        assert_eq!((malloc(size), errno()), (null_mut(), 12), "{size}");
        block().errno.set(0);
        assert_eq!((aligned_alloc(64, size), errno()), (null_mut(), 12), "{size}");
        let object = malloc(10);
        block().errno.set(0);
        // SAFETY: in use, and stays so after a failure.
        unsafe {
            assert_eq!((realloc(object, size), errno()), (null_mut(), 12), "{size}");
            free(object);
        }
    }
    for (count, size) in [(usize::MAX, 2), (1 << 32, 1 << 32), (2, usize::MAX / 2 + 1)] {
        block().errno.set(0);
        assert_eq!((calloc(count, size), errno()), (null_mut(), 12));
        block().errno.set(0);
        // SAFETY: null.
        assert_eq!((unsafe { reallocarray(null_mut(), count, size) }, errno()), (null_mut(), 12));
    }
    block().errno.set(0);
    assert_eq!((aligned_alloc(24, 8), errno()), (null_mut(), 22));
    block().errno.set(0);
    let mut out = null_mut();
    for (align, size, expected) in [(4, 8, 22), (24, 8, 22), (0, 8, 22), (8, 8, 0), (64, usize::MAX, 12)] {
        // SAFETY: valid for one write.
        assert_eq!(unsafe { posix_memalign(&raw mut out, align, size) }, expected);
    }
    assert_eq!(errno(), 0);
    // SAFETY: from the one call that succeeded.
    unsafe { free(out) };
}

#[test]
fn empty_objects_differ_and_null_is_freed() {
    let objects: HashSet<_> = (0..100).map(|_| malloc(0)).collect();
    assert_eq!(objects.len(), 100);
    for object in objects {
        // SAFETY: in use.
        unsafe { free(object) };
    }
    // SAFETY: null is no object.
    unsafe { free(null_mut()) };
    // SAFETY: null is no object.
    assert_eq!(unsafe { malloc_usable_size(null_mut()) }, 0);
}

#[test]
fn realloc_stays_where_it_can() {
    // SAFETY: objects are in use and followed through their moves.
    unsafe {
        let object = realloc(null_mut(), 100);
        assert_eq!(realloc(object, 104), object);
        assert_eq!(realloc(object, 60), object);
        free(object);
        // The last span of a region grows into what follows it.
        let object = malloc(40_000);
        let small = realloc(object, 33_000);
        assert_eq!(small, object);
        free(small);
        // A large object that becomes small gives its memory back.
        let object = malloc(3 << 20);
        let small = realloc(object, 100);
        assert!(malloc_usable_size(small) < 1000);
        free(small);
    }
}

#[test]
fn objects_may_be_freed_by_other_threads_and_threads_leave_nothing() {
    // SAFETY: objects are in use, and passed on by one thread to one other.
    let work = move |seed: u64| {
        let mut random = Random(seed);
        let mut live: Vec<usize> = Vec::new();
        for _ in 0..5000 {
            let object = allocate(1 + random.below(2000));
            fill(object, 1, 7);
            live.push(object as usize);
            if live.len() > 100 {
                let object = live.swap_remove(random.below(100));
                // SAFETY: in use.
                unsafe { release(object as *mut u8) };
            }
        }
        release_thread(block());
        live
    };
    let workers: Vec<_> = (1..5).map(|seed| thread::spawn(move || work(seed * 7919))).collect();
    for worker in workers {
        for object in worker.join().unwrap() {
            // SAFETY: in use, given away by its thread.
            unsafe { release(object as *mut u8) };
        }
    }
    release_thread(block());
    assert_eq!(block().heap.get(), 0);
}

#[test]
fn where_the_host_has_no_memory_requests_fail_and_objects_stay() {
    let errno = || block().errno.replace(0);
    let object = allocate(100);
    fill(object, 100, 9);
    platform_sim::sim().hook.fail_always("map", 0, rt::Errno::NOMEM);
    platform_sim::sim().hook.fail_always("remap", 0, rt::Errno::NOMEM);
    // More than is ever kept.
    let huge = 100 << 20;
    errno();
    // SAFETY: in use, and stays so after a failure.
    unsafe {
        let mut out = null_mut();
        assert_eq!((malloc(huge), errno()), (null_mut(), 12));
        assert_eq!((calloc(1, huge), errno()), (null_mut(), 12));
        assert_eq!((aligned_alloc(4096, huge), errno()), (null_mut(), 12));
        assert_eq!((posix_memalign(&raw mut out, 64, huge), out, errno()), (12, null_mut(), 0));
        assert_eq!((realloc(object.cast(), huge), errno()), (null_mut(), 12));
    }
    // What other tests leave to the common heap is used up at some point.
    let live: Vec<*mut u8> = (0..3000).map(|_| allocate(900_000)).take_while(|object| !object.is_null()).collect();
    assert!(live.len() < 3000);
    for object in live {
        // SAFETY: in use.
        unsafe { release(object) };
    }
    platform_sim::sim().hook.heal("map");
    assert!(holds(object, 100, 9));
    // SAFETY: in use, moved once.
    unsafe {
        let moved = reallocate(object, 3 << 20);
        assert!(holds(moved, 100, 9));
        release(moved);
    }
}

#[test]
fn little_address_space_is_used_to_the_end() {
    let host = platform_sim::sim();
    host.limit_memory(3 << 20);
    let mut pages = pages::Pages::EMPTY;
    let mut spans = Vec::new();
    while let Some(span) = Some(pages.take(host, 7)).filter(|span| !span.is_null()) {
        spans.push(span);
    }
    // 27 of 112 KiB fit into 3 MiB less the regions' tables.
    assert!(spans.len() >= 25, "{}", spans.len());
    for span in spans {
        // SAFETY: taken above, and in no use.
        unsafe { pages.give_back(host, span) };
    }
}

/// How many of `maps + 1` pairs of malloc and free succeed on a host that maps memory `maps` times.
fn pairs(bytes: usize, maps: usize) -> usize {
    let host = platform_sim::sim();
    host.hook.fail_always("map", maps, rt::Errno::NOMEM);
    let pair = |_: &usize| {
        let object = allocate(bytes);
        // SAFETY: in use, or null.
        unsafe { release(object) };
        !object.is_null()
    };
    let count = (0..maps + 1).take_while(pair).count();
    host.hook.heal("map");
    count
}

#[test]
fn a_large_object_is_served_from_one_that_was_freed() {
    // Of a size that no other test takes.
    assert_eq!(pairs(20_000_000, 1), 2);
    // Too large to be kept.
    assert_eq!(pairs(100 << 20, 3), 3);
}

#[test]
fn large_objects_grow_and_keep_what_they_hold() {
    let mut object = allocate(2_000_000);
    fill(object, 5000, 3);
    let mut bytes = 2_000_000;
    while bytes < 12_000_000 {
        bytes += 300_000;
        // SAFETY: in use, followed through its moves.
        object = unsafe { reallocate(object, bytes) };
        assert!(!object.is_null() && holds(object, 5000, 3));
        // SAFETY: in use.
        assert_eq!(unsafe { usable(object) }, bytes);
        fill(object.wrapping_add(bytes - 100), 100, 4);
    }
    // SAFETY: in use.
    unsafe { release(object) };
}

#[test]
fn the_usable_size_is_what_was_asked_for_where_a_canary_follows() {
    for (bytes, align) in [(20, 16), (24, 16), (5000, 16), (100_000, 16), (3 << 20, 16), (100, 64), (5000, 4096)] {
        let object = allocate_aligned(align, bytes);
        // SAFETY: in use.
        unsafe {
            assert_eq!(usable(object), bytes);
            let object = reallocate(object, bytes - 1);
            assert_eq!(usable(object), bytes - 1);
            release(object);
        }
    }
}
