//! Tests of threads on the simulated host, whose threads are real.

use std::ptr::{null, null_mut};
use std::sync::Mutex as StdMutex;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

use super::*;
use crate::exit;
use crate::rt::abi::signal;
use crate::rt::{Errno, Facts, KEYS_MAX, Signals, Thread, host, thread as block};
use crate::sync::{Enter, Once};
use crate::types::c_void;

fn start(function: unsafe extern "C" fn(*mut c_void) -> *mut c_void, argument: usize) -> Handle {
    let mut thread = null_mut();
    // SAFETY: a place of this function.
    unsafe { create(&mut thread, &pthread_attr_t::new(host()), function, argument as *mut c_void) }.unwrap();
    thread
}

extern "C" fn add_one(argument: *mut c_void) -> *mut c_void {
    (argument as usize + 1) as *mut c_void
}

extern "C" fn exits(argument: *mut c_void) -> *mut c_void {
    end_thread((argument as usize * 2) as *mut c_void)
}

#[test]
fn a_joined_thread_gives_its_result() {
    for argument in 0..20 {
        // SAFETY: joined once.
        assert_eq!(unsafe { join(start(add_one, argument)) }, Ok((argument + 1) as *mut c_void));
        // SAFETY: joined once.
        assert_eq!(unsafe { join(start(exits, argument)) }, Ok((argument * 2) as *mut c_void));
    }
    // SAFETY: the block of the calling thread.
    assert_eq!(unsafe { join(std::ptr::from_ref(block()).cast_mut()) }, Err(Errno::DEADLK));
}

#[test]
fn detached_threads_end_by_themselves() {
    static ENDED: AtomicUsize = AtomicUsize::new(0);
    extern "C" fn count(_: *mut c_void) -> *mut c_void {
        ENDED.fetch_add(1, Ordering::SeqCst);
        null_mut()
    }
    let mut attributes = pthread_attr_t::new(host());
    attributes.set_detach(1).unwrap();
    for _ in 0..10 {
        // SAFETY: a place of this function.
        unsafe { create(&mut null_mut(), &attributes, count, null_mut()) }.unwrap();
        let thread = start(count, 0);
        // SAFETY: neither joined nor detached before.
        assert_eq!(unsafe { detach(thread) }, Ok(()));
    }
    while ENDED.load(Ordering::SeqCst) < 20 {
        std::thread::yield_now();
    }
}

#[test]
fn a_host_without_room_gives_eagain() {
    platform_sim::sim().hook.fail_once("thread_create", 0, Errno::NOMEM);
    // SAFETY: a place of this function.
    let made = unsafe { create(&mut null_mut(), &pthread_attr_t::new(host()), add_one, null_mut()) };
    assert_eq!(made, Err(Errno::AGAIN));
}

#[test]
fn attributes_refuse_what_cannot_be() {
    let mut attributes = pthread_attr_t::new(host());
    assert_eq!((attributes.stack_bytes, attributes.guard_bytes, attributes.detach), (1 << 20, host().page_bytes(), 0));
    let (invalid, unsupported) = (Err(Errno::INVAL), Err(Errno::OPNOTSUPP));
    assert_eq!([2047, 2048, usize::MAX].map(|n| attributes.set_stack_bytes(n)), [invalid, Ok(()), invalid]);
    assert_eq!([0, usize::MAX].map(|n| attributes.set_guard_bytes(n)), [Ok(()), invalid]);
    assert_eq!([-1, 0, 1, 2].map(|n| attributes.set_detach(n)), [invalid, Ok(()), Ok(()), invalid]);
    assert_eq!([-1, 0, 1, 2].map(|n| attributes.set_inherit(n)), [invalid, Ok(()), Ok(()), invalid]);
    assert_eq!([0, 1, 2].map(|n| attributes.set_scope(n)), [Ok(()), unsupported, invalid]);
    assert_eq!([0, 1, 2, 9].map(|n| attributes.set_policy(n)), [Ok(()), unsupported, unsupported, invalid]);
    assert_eq!([0, 1].map(|n| attributes.set_priority(n)), [Ok(()), unsupported]);
    assert_eq!(attributes.stack(), invalid.map(|()| (0, 0)));
}

#[test]
fn a_thread_finds_its_handle_and_the_mask_of_its_maker() {
    static HANDLE: AtomicPtr<Thread> = AtomicPtr::new(null_mut());
    extern "C" fn look(_: *mut c_void) -> *mut c_void {
        assert!(std::ptr::eq(HANDLE.load(Ordering::SeqCst), block()));
        host().signal_mask(signal::BLOCK, None).unwrap() as *mut c_void
    }
    host().signal_mask(signal::SET_MASK, Some(0x600)).unwrap();
    for _ in 0..20 {
        // SAFETY: the handle of a thread that is joined once.
        unsafe {
            create(HANDLE.as_ptr(), &pthread_attr_t::new(host()), look, null_mut()).unwrap();
            assert_eq!(join(HANDLE.load(Ordering::SeqCst)), Ok(0x600 as *mut c_void));
        }
    }
    assert_eq!(host().signal_mask(signal::SET_MASK, Some(0)), Ok(0x600));
}

#[test]
fn a_once_function_that_ends_its_thread_counts_as_never_called() {
    static ONCE: Once = Once::new();
    extern "C" fn ends(_: *mut c_void) -> *mut c_void {
        let mut running = std::mem::MaybeUninit::uninit();
        // SAFETY: the place stays until the thread ends.
        assert_eq!(unsafe { once::xlibc_once_enter(&ONCE, running.as_mut_ptr()) }, 1);
        end_thread(null_mut())
    }
    for _ in 0..2 {
        // SAFETY: joined once.
        unsafe { join(start(ends, 0)) }.unwrap();
    }
    assert_eq!(ONCE.enter(host()), Enter::Run);
}

/// Tests that take keys take turns: one of them takes all.
static KEY_TESTS: StdMutex<()> = StdMutex::new(());

#[test]
fn keys_start_with_null_run_out_and_forget() {
    let _turn = KEY_TESTS.lock().unwrap();
    let thread = block();
    let mut made = Vec::new();
    let full = loop {
        match keys::create(None) {
            Ok(key) => made.push(key),
            Err(errno) => break errno,
        }
        assert!(made.len() <= KEYS_MAX);
    };
    assert_eq!(full, Errno::AGAIN);
    let key = made[0];
    assert!(keys::get(thread, key).is_null());
    keys::set(thread, key, 8 as *mut c_void).unwrap();
    assert_eq!(keys::get(thread, key), 8 as *mut c_void);
    for key in made {
        keys::delete(key).unwrap();
    }
    assert!(keys::get(thread, key).is_null());
    assert_eq!(keys::set(thread, KEYS_MAX, null_mut()), Err(Errno::INVAL));
    assert_eq!(keys::delete(KEYS_MAX), Err(Errno::INVAL));
}

#[test]
fn no_destructor_meets_a_value_of_another_key() {
    static WRONG: AtomicUsize = AtomicUsize::new(0);
    extern "C" fn of_the_first(_: *mut c_void) {}
    extern "C" fn of_the_second(_: *mut c_void) {
        WRONG.fetch_add(1, Ordering::SeqCst);
    }
    struct Ending(Thread);
    // SAFETY: one thread touches it at a time.
    unsafe impl Sync for Ending {}
    let _turn = KEY_TESTS.lock().unwrap();
    for seed in 0..500 {
        let ending = &Ending(Thread::ZERO);
        let key = keys::create(Some(of_the_first)).unwrap();
        keys::set(&ending.0, key, 8 as *mut c_void).unwrap();
        let make_again = || {
            keys::delete(key).unwrap();
            assert_eq!(keys::create(Some(of_the_second)), Ok(key));
        };
        platform_sim::interleave(seed, &[&|| keys::run_destructors(&{ ending }.0), &make_again]);
        assert_eq!(WRONG.load(Ordering::SeqCst), 0, "seed {seed}");
        keys::delete(key).unwrap();
    }
}

/// What ran at the end of a thread, in order.
static EVENTS: StdMutex<Vec<&str>> = StdMutex::new(Vec::new());
static KEY: AtomicUsize = AtomicUsize::new(0);

fn event(name: &'static str) {
    EVENTS.lock().unwrap().push(name);
}

#[test]
fn a_thread_ends_in_the_order_of_the_standards() {
    extern "C" fn handler(_: *mut c_void) {
        event("cleanup");
    }
    extern "C" fn object(_: *mut c_void) {
        event("object");
    }
    extern "C" fn late_object(_: *mut c_void) {
        event("late object");
    }
    extern "C" fn value(value: *mut c_void) {
        event("value");
        if value as usize > 1 {
            keys::set(block(), KEY.load(Ordering::SeqCst), (value as usize - 1) as *mut c_void).unwrap();
        } else {
            exit::at_thread_end(block(), late_object, null_mut()).unwrap();
        }
    }
    extern "C" fn work(_: *mut c_void) -> *mut c_void {
        keys::set(block(), KEY.load(Ordering::SeqCst), 2 as *mut c_void).unwrap();
        exit::at_thread_end(block(), object, null_mut()).unwrap();
        let mut place = std::mem::MaybeUninit::<cleanup::Cleanup>::uninit();
        // SAFETY: the place stays until the thread ends.
        unsafe { cleanup::push(block(), place.as_mut_ptr(), handler, null_mut()) };
        end_thread(null_mut())
    }
    let _turn = KEY_TESTS.lock().unwrap();
    let key = keys::create(Some(value)).unwrap();
    KEY.store(key, Ordering::SeqCst);
    // SAFETY: joined once.
    unsafe { join(start(work, 0)) }.unwrap();
    assert_eq!(*EVENTS.lock().unwrap(), ["cleanup", "object", "value", "value", "late object"]);
    keys::delete(key).unwrap();
}

#[test]
fn every_thread_has_its_own_copy_of_a_variable() {
    #[repr(C)]
    struct Control(usize, usize, AtomicUsize, *const u32);
    // SAFETY: read by the library only, which locks what it writes.
    unsafe impl Sync for Control {}
    static TEMPLATE: u32 = 77;
    static CONTROL: Control = Control(4, 64, AtomicUsize::new(0), &raw const TEMPLATE);
    fn variable() -> *mut u32 {
        // SAFETY: of the shape that compilers make.
        unsafe { emutls::__emutls_get_address((&raw const CONTROL).cast()).cast() }
    }
    extern "C" fn work(_: *mut c_void) -> *mut c_void {
        // SAFETY: the thread's own copy.
        unsafe {
            assert_eq!(*variable(), 77);
            *variable() = 5;
            assert_eq!(*variable(), 5);
        }
        variable().cast()
    }
    assert_eq!(variable() as usize % 64, 0);
    // SAFETY: the thread's own copy.
    unsafe { *variable() = 1 };
    // SAFETY: joined once.
    let other = unsafe { join(start(work, 0)) }.unwrap();
    assert_ne!(other, variable().cast());
    // SAFETY: the thread's own copy.
    assert_eq!(unsafe { *variable() }, 1);
    let zero = Box::leak(Box::new(Control(8, 1, AtomicUsize::new(0), null())));
    // SAFETY: of the shape that compilers make.
    let zeroed = unsafe { emutls::__emutls_get_address((&raw const *zero).cast()).cast::<u64>() };
    // SAFETY: the thread's own copy.
    assert_eq!(unsafe { zeroed.read_unaligned() }, 0);
    emutls::free_all(block());
}

/// A thread that stays sees libraries come and go: their variables' memory and numbers are used again, others' stay.
#[test]
fn variables_of_unloaded_files_leave_nothing() {
    #[repr(C)]
    struct Control(usize, usize, AtomicUsize, *const u32);
    fn variable(control: *const Control) -> *mut u64 {
        // SAFETY: of the shape that compilers make.
        unsafe { emutls::__emutls_get_address(control.cast()).cast() }
    }
    let control = || Box::into_raw(Box::new(Control(8, 8, AtomicUsize::new(0), null())));
    let stays = control();
    // SAFETY: the thread's own copies.
    unsafe {
        *variable(stays) = 7;
        let mut numbers = std::collections::HashSet::new();
        for _ in 0..5000 {
            let gone = control();
            assert_eq!(*variable(gone), 0);
            *variable(gone) = 1;
            numbers.insert((*gone).2.load(Ordering::Relaxed));
            emutls::forget_unloaded(|address| address != gone.addr());
            drop(Box::from_raw(gone));
        }
        assert_eq!(*variable(stays), 7);
        // Other tests take numbers meanwhile.
        assert!(numbers.len() < 20, "{}", numbers.len());
        assert!(block().emutls_length.load(Ordering::Relaxed) < 100);
        emutls::forget_unloaded(|address| address != stays.addr());
    }
    emutls::free_all(block());
}

#[test]
fn a_signal_reaches_nobody_who_has_ended() {
    let thread = start(add_one, 0);
    // SAFETY: not joined yet.
    unsafe {
        while (*thread).state.load(Ordering::SeqCst) != crate::rt::State::Exited as u32 {
            std::thread::yield_now();
        }
        assert_eq!([kill(thread, 0), kill(thread, 10)], [Ok(()), Ok(())]);
        assert_eq!([kill(thread, -1), kill(thread, 65)], [Err(Errno::INVAL), Err(Errno::INVAL)]);
        join(thread).unwrap();
    }
}
