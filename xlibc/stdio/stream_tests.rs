//! Streams against the simulated host.

use super::abi::{bytes::*, extensions::*, open::*, state::*, text::*, wide::*};
use super::file::File;
use super::registry::{self, STANDARD_ERROR, STANDARD_INPUT, STANDARD_OUTPUT};
use crate::rt::{Errno, Files, host, thread};
use crate::types::{c_char, c_int, c_void, wchar_t};
use core::ffi::CStr;
use platform_sim::sim;

const SET: c_int = 0;
const CUR: c_int = 1;
const END: c_int = 2;

fn open(path: &CStr, mode: &CStr) -> *mut File {
    // SAFETY: strings.
    let file = unsafe { fopen(path.as_ptr(), mode.as_ptr()) };
    assert!(!file.is_null(), "errno {}", thread().errno.get());
    file
}

fn write(file: *mut File, data: &[u8]) -> usize {
    // SAFETY: an open stream.
    unsafe { fwrite(data.as_ptr().cast(), 1, data.len(), file) }
}

fn read(file: *mut File, count: usize) -> Vec<u8> {
    let mut data = vec![0; count];
    // SAFETY: an open stream.
    let got = unsafe { fread(data.as_mut_ptr().cast(), 1, count, file) };
    data.truncate(got);
    data
}

fn errno() -> Errno {
    Errno::from_number(thread().errno.get())
}

#[test]
fn what_is_written_is_read() {
    // SAFETY: streams made here, closed at the end.
    unsafe {
        for size in [0, 1, 8191, 8192, 8193, 30_000] {
            let data: Vec<u8> = (0..size).map(|index| (index * 7 % 251) as u8).collect();
            for piece in [1, 100, 8192, 20_000] {
                let file = open(c"/tmp/a", c"w");
                for part in data.chunks(piece) {
                    assert_eq!(write(file, part), part.len());
                }
                assert_eq!(fclose(file), 0);
                assert_eq!(sim().file(b"/tmp/a").unwrap(), data);
                let file = open(c"/tmp/a", c"r");
                let mut got = Vec::new();
                loop {
                    let part = read(file, piece);
                    if part.is_empty() {
                        break;
                    }
                    got.extend(part);
                }
                assert_eq!(got, data);
                assert_eq!((feof(file), ferror(file)), (1, 0));
                assert_eq!(fclose(file), 0);
            }
        }
    }
    assert_eq!(sim().open_descriptors(), 3);
}

#[test]
fn short_transfers_lose_nothing() {
    sim().limit_transfers(7);
    let data: Vec<u8> = (0..20_000_u32).map(|index| index as u8).collect();
    // SAFETY: streams made here.
    unsafe {
        let file = open(c"/tmp/a", c"w+");
        for part in data.chunks(333) {
            assert_eq!(write(file, part), part.len());
        }
        rewind(file);
        assert_eq!(read(file, data.len() + 1), data);
        assert_eq!(fclose(file), 0);
    }
}

#[test]
fn modes_open_as_the_standard_says() {
    // SAFETY: strings and streams made here.
    unsafe {
        assert!(fopen(c"/tmp/none".as_ptr(), c"r".as_ptr()).is_null());
        assert_eq!(errno(), Errno::NOENT);
        assert!(fopen(c"/tmp/none".as_ptr(), c"z".as_ptr()).is_null());
        assert_eq!(errno(), Errno::INVAL);
        sim().put_file(b"/tmp/a", b"old");
        assert!(fopen(c"/tmp/a".as_ptr(), c"wx".as_ptr()).is_null());
        assert_eq!(errno(), Errno::EXIST);
        let file = open(c"/tmp/a", c"a+");
        assert_eq!(fseek(file, 0, SET), 0);
        assert_eq!(write(file, b"new"), 3);
        assert_eq!(ftell(file), 6);
        rewind(file);
        assert_eq!(read(file, 10), b"oldnew");
        fclose(file);
        let file = open(c"/tmp/a", c"r");
        assert_eq!(fputc(65, file), -1);
        assert_eq!((errno(), ferror(file)), (Errno::BADF, 1));
        clearerr(file);
        assert_eq!((fgetc(file), ferror(file)), (111, 0));
        fclose(file);
        let file = open(c"/tmp/a", c"w");
        assert_eq!(fgetc(file), -1);
        assert_eq!((errno(), feof(file), ferror(file)), (Errno::BADF, 0, 1));
        fclose(file);
        assert_eq!(sim().file(b"/tmp/a").unwrap(), b"");
    }
}

#[test]
fn positions_count_what_the_program_saw() {
    sim().put_file(b"/tmp/a", b"0123456789");
    // SAFETY: streams made here.
    unsafe {
        let file = open(c"/tmp/a", c"r+");
        assert_eq!((fgetc(file), ftell(file)), (48, 1));
        assert_eq!((fseek(file, 2, CUR), ftell(file)), (0, 3));
        assert_eq!(ungetc(c_int::from(b'x'), file), 120);
        assert_eq!((ftell(file), fgetc(file), ftell(file)), (2, 120, 3));
        assert_eq!((fputc(c_int::from(b'A'), file), ftell(file)), (65, 4));
        assert_eq!(fseek(file, -1, CUR), 0);
        assert_eq!(fgetc(file), 65);
        assert_eq!((fseek(file, -2, END), fgetc(file)), (0, c_int::from(b'8')));
        assert_eq!(fseek(file, -1, SET), -1);
        assert_eq!(errno(), Errno::INVAL);
        assert_eq!(fseek(file, 0, 7), -1);
        // Writing after reading goes where the reader stopped, without a seek between.
        assert_eq!((fseek(file, 0, SET), fgetc(file), fputc(c_int::from(b'B'), file)), (0, 48, 66));
        fclose(file);
        assert_eq!(sim().file(b"/tmp/a").unwrap(), b"0B2A456789");
        let file = open(c"/tmp/a", c"r");
        let mut place = core::mem::MaybeUninit::<fpos_t>::uninit();
        assert_eq!(read(file, 4), b"0B2A");
        assert_eq!(fgetpos(file, place.as_mut_ptr()), 0);
        assert_eq!(read(file, 100), b"456789");
        assert_eq!((feof(file), fsetpos(file, place.as_ptr()), feof(file)), (1, 0, 0));
        assert_eq!(fgetc(file), c_int::from(b'4'));
        fclose(file);
    }
}

#[test]
fn a_seek_within_what_was_read_asks_nobody() {
    sim().put_file(b"/tmp/a", b"0123456789");
    // SAFETY: streams made here.
    unsafe {
        let file = open(c"/tmp/a", c"r");
        assert_eq!((fgetc(file), ftell(file)), (48, 1));
        sim().hook.fail_always("seek", 0, Errno::IO);
        assert_eq!((fseek(file, 2, CUR), fgetc(file), ftell(file)), (0, 51, 4));
        assert_eq!((fseek(file, 10, SET), ftell(file), fseek(file, -1, CUR), fgetc(file)), (0, 10, 0, 57));
        assert_eq!((fseek(file, 0, SET), fgetc(file)), (0, 48));
        assert_eq!((fseek(file, 0, END), fseek(file, 11, SET)), (-1, -1));
        // What was pushed back is not in the file.
        assert_eq!(ungetc(c_int::from(b'x'), file), 120);
        assert_eq!(fseek(file, 0, SET), -1);
        sim().hook.heal("seek");
        assert_eq!((fseek(file, 0, SET), fgetc(file)), (0, 48));
        assert_eq!((fflush(file), ftell(file), fclose(file)), (0, 1, 0));
    }
}

#[test]
fn bytes_can_be_pushed_back() {
    sim().put_file(b"/tmp/a", b"z");
    // SAFETY: streams made here.
    unsafe {
        let file = open(c"/tmp/a", c"r");
        for byte in b"87654321" {
            assert_eq!(ungetc(c_int::from(*byte), file), c_int::from(*byte));
        }
        assert_eq!(ungetc(33, file), -1);
        assert_eq!(ungetc(-1, file), -1);
        assert_eq!(read(file, 9), b"12345678z");
        assert_eq!((fgetc(file), feof(file)), (-1, 1));
        assert_eq!((ungetc(0xff, file), feof(file), fgetc(file), fgetc(file)), (0xff, 0, 0xff, -1));
        fclose(file);
        let file = open(c"/tmp/a", c"r");
        assert_eq!(setvbuf(file, core::ptr::null_mut(), 2, 0), 0);
        assert_eq!((fgetc(file), ungetc(65, file), ungetc(66, file)), (122, 65, 66));
        assert_eq!(read(file, 9), b"BA");
        fclose(file);
    }
}

#[test]
fn lines_are_cut_where_they_end() {
    sim().put_file(b"/tmp/a", b"one\n\nlong line\nlast");
    // SAFETY: streams and buffers made here.
    unsafe {
        let file = open(c"/tmp/a", c"r");
        let mut line = [1 as c_char; 6];
        let mut next = || {
            let got = fgets(line.as_mut_ptr(), 6, file);
            if got.is_null() { None } else { Some(CStr::from_ptr(got).to_bytes().to_vec()) }
        };
        for expected in [&b"one\n"[..], b"\n", b"long ", b"line\n", b"last"] {
            assert_eq!(next().unwrap(), expected);
        }
        assert_eq!(next(), None);
        assert_eq!(fgets(line.as_mut_ptr(), 0, file), core::ptr::null_mut());
        rewind(file);
        assert_eq!(*fgets(line.as_mut_ptr(), 1, file), 0);
        let (mut data, mut size) = (core::ptr::null_mut(), 77);
        for expected in [&b"one\n"[..], b"\n", b"long line\n", b"last"] {
            assert_eq!(getline(&raw mut data, &raw mut size, file), expected.len() as isize);
            assert_eq!(CStr::from_ptr(data).to_bytes(), expected);
        }
        assert_eq!(getline(&raw mut data, &raw mut size, file), -1);
        assert!(size >= 11);
        crate::rt::heap::release(data.cast());
        fclose(file);
        let long = [b'x'; 20_000];
        sim().put_file(b"/tmp/a", &long);
        let file = open(c"/tmp/a", c"r");
        let mut data = core::ptr::null_mut();
        assert_eq!(getdelim(&raw mut data, &raw mut size, c_int::from(b';'), file), 20_000);
        assert_eq!(CStr::from_ptr(data).to_bytes(), long);
        crate::rt::heap::release(data.cast());
        assert_eq!(getline(core::ptr::null_mut(), &raw mut size, file), -1);
        assert_eq!(errno(), Errno::INVAL);
        fclose(file);
    }
}

#[test]
fn buffering_decides_when_output_goes() {
    let size = || sim().file(b"/tmp/a").unwrap().len();
    // SAFETY: streams made here.
    unsafe {
        let file = open(c"/tmp/a", c"w");
        assert_eq!((write(file, b"ab\ncd"), size(), __fpending(file)), (5, 0, 5));
        assert_eq!(setvbuf(file, core::ptr::null_mut(), 1, 0), -1);
        assert_eq!((fflush(file), size()), (0, 5));
        assert_eq!(setvbuf(file, core::ptr::null_mut(), 1, 0), 0);
        assert_eq!((write(file, b"ab\ncd"), size(), __flbf(file)), (5, 8, 1));
        assert_eq!((fputc(10, file), size()), (10, 11));
        setbuf(file, core::ptr::null_mut());
        assert_eq!((fputc(10, file), size()), (10, 12));
        let mut own = [0 as c_char; 12];
        setbuffer(file, own.as_mut_ptr(), 12);
        assert_eq!((write(file, b"1234"), size()), (4, 12));
        assert_eq!((fputc(53, file), size()), (53, 17));
        assert_eq!(__fbufsize(file), 4);
        assert_eq!((fputc(54, file), __fpurge(file), fclose(file), size()), (54, 0, 0, 17));
    }
}

#[test]
fn a_full_disk_is_told_and_nothing_is_lost() {
    // SAFETY: streams made here.
    unsafe {
        let file = open(c"/tmp/a", c"w");
        assert_eq!(write(file, b"hello"), 5);
        sim().hook.fail_once("write", 0, Errno::NOSPC);
        assert_eq!((fflush(file), errno(), ferror(file)), (-1, Errno::NOSPC, 1));
        assert_eq!(__fpending(file), 5);
        clearerr(file);
        assert_eq!((fflush(file), ferror(file)), (0, 0));
        assert_eq!(sim().file(b"/tmp/a").unwrap(), b"hello");
        sim().hook.fail_once("write", 0, Errno::INTR);
        setbuf(file, core::ptr::null_mut());
        assert_eq!((fputc(33, file), errno()), (-1, Errno::INTR));
        assert_eq!((fputc(33, file), fclose(file)), (33, 0));
        let file = open(c"/tmp/a", c"w");
        write(file, b"lost");
        sim().hook.fail_once("write", 0, Errno::IO);
        assert_eq!((fclose(file), errno()), (-1, Errno::IO));
    }
    assert_eq!(sim().open_descriptors(), 3);
}

#[test]
fn memory_is_a_file() {
    // SAFETY: streams and buffers made here.
    unsafe {
        let mut data = *b"hello\0xyz";
        let file = fmemopen(data.as_mut_ptr().cast(), 9, c"r".as_ptr());
        assert_eq!(read(file, 100), b"hello\0xyz");
        assert_eq!((fseek(file, 1, SET), fgetc(file)), (0, 101));
        assert_eq!(fseek(file, 10, SET), -1);
        assert_eq!(fileno(file), -1);
        assert_eq!(errno(), Errno::BADF);
        fclose(file);
        let file = fmemopen(data.as_mut_ptr().cast(), 9, c"a".as_ptr());
        assert_eq!((write(file, b"!!"), fflush(file)), (2, 0));
        assert_eq!(&data, b"hello!!\0z");
        assert_eq!((write(file, b"12345"), fflush(file), errno()), (5, -1, Errno::NOSPC));
        fclose(file);
        assert_eq!(&data, b"hello!!1\0");
        let file = fmemopen(core::ptr::null_mut(), 4, c"w+".as_ptr());
        assert_eq!((write(file, b"abc"), fseek(file, 0, SET)), (3, 0));
        assert_eq!(read(file, 9), b"abc");
        fclose(file);
    }
}

#[test]
fn memory_streams_grow_and_tell() {
    // SAFETY: streams and pointers made here.
    unsafe {
        let (mut data, mut size) = (core::ptr::null_mut::<c_char>(), 9);
        let file = open_memstream(&raw mut data, &raw mut size);
        assert_eq!((size, *data), (0, 0));
        assert_eq!((write(file, b"hello"), fflush(file), size), (5, 0, 5));
        assert_eq!((fseek(file, 3, SET), write(file, b"X"), fflush(file), size), (0, 1, 0, 4));
        assert_eq!((fseek(file, 7, SET), write(file, b"!"), fclose(file), size), (0, 1, 0, 8));
        assert_eq!(core::slice::from_raw_parts(data.cast::<u8>(), 9), b"helXo\0\0!\0");
        crate::rt::heap::release(data.cast());
        let (mut data, mut size) = (core::ptr::null_mut::<wchar_t>(), 9);
        let file = open_wmemstream(&raw mut data, &raw mut size);
        assert!(fwide(file, 0) > 0);
        // In "C", which has no bytes for most of these.
        let text = [0x41_u32, 0xe4, 0xdfe4, 0x1_f600, 0x42];
        assert_eq!(text.map(|character| fputwc(character as wchar_t, file) as u32), text);
        assert_eq!((fflush(file), size, ftell(file)), (0, 5, 5));
        assert_eq!((fseek(file, 1, SET), fputwc(0x43, file), fclose(file), size), (0, 0x43, 0, 2));
        assert_eq!(core::slice::from_raw_parts(data, 6), [0x41, 0x43, 0xdfe4, 0x1_f600, 0x42, 0]);
        crate::rt::heap::release(data.cast());
    }
}

#[test]
fn standard_streams_have_their_descriptors() {
    sim().type_input(b"typed\n");
    // SAFETY: static streams; each test thread has its own host, and no other test uses these.
    unsafe {
        let (input, output) =
            (core::ptr::from_ref(&STANDARD_INPUT).cast_mut(), core::ptr::from_ref(&STANDARD_OUTPUT).cast_mut());
        let error = core::ptr::from_ref(&STANDARD_ERROR).cast_mut();
        assert_eq!((fileno(input), fileno(output), fileno(error)), (0, 1, 2));
        sim().set_terminal(true);
        assert_eq!(puts(c"prompt".as_ptr()), 0);
        assert_eq!(sim().take_output(1), b"prompt\n");
        assert_eq!(fputs(c"? ".as_ptr(), output), 0);
        assert_eq!(sim().take_output(1), b"");
        // Asking a person shows what was said before.
        assert_eq!(getchar(), c_int::from(b't'));
        assert_eq!(sim().take_output(1), b"? ");
        assert_eq!(fputs(c"at once".as_ptr(), error), 0);
        assert_eq!(sim().take_output(2), b"at once");
        let file = open(c"/tmp/a", c"w");
        write(file, b"kept");
        assert_eq!(fflush(core::ptr::null_mut()), 0);
        assert_eq!(sim().file(b"/tmp/a").unwrap(), b"kept");
        write(file, b" too");
        registry::finish();
        assert_eq!(sim().file(b"/tmp/a").unwrap(), b"kept too");
        fclose(file);
        // The stream goes on under the same descriptor.
        assert_eq!(freopen(c"/tmp/out".as_ptr(), c"w".as_ptr(), output), output);
        assert_eq!((puts(c"there".as_ptr()), fflush(output), fileno(output)), (0, 0, 1));
        assert_eq!(sim().file(b"/tmp/out").unwrap(), b"there\n");
    }
}

#[test]
fn all_streams_give_their_input_back() {
    sim().put_file(b"/tmp/a", b"0123456789");
    // SAFETY: streams made here.
    unsafe {
        let (one, other) = (open(c"/tmp/a", c"r"), open(c"/tmp/a", c"r+"));
        let place = |file| host().seek(fileno(file), 0, 1);
        assert_eq!((fgetc(one), fgetc(other), fgetc(other)), (48, 48, 49));
        assert_eq!((place(one), place(other)), (Ok(10), Ok(10)));
        assert_eq!(fflush(core::ptr::null_mut()), 0);
        assert_eq!((place(one), place(other)), (Ok(1), Ok(2)));
        assert_eq!((fgetc(one), ungetc(120, one), fgetc(other)), (49, 120, 50));
        registry::finish();
        assert_eq!((place(one), place(other)), (Ok(1), Ok(3)));
        // One that cannot say where it is does not keep the others.
        assert_eq!((fgetc(one), fgetc(other)), (49, 51));
        sim().hook.fail_once("seek", 0, Errno::IO);
        assert_eq!((fflush(core::ptr::null_mut()), errno()), (-1, Errno::IO));
        assert_eq!((ferror(one) + ferror(other), fgetc(one), fgetc(other)), (1, 50, 52));
        // What cannot seek keeps its input.
        sim().hook.fail_always("seek", 0, Errno::SPIPE);
        assert_eq!((fflush(one), fgetc(one)), (0, 51));
        sim().hook.heal("seek");
        assert_eq!((fclose(one), fclose(other)), (0, 0));
    }
}

#[test]
fn a_stream_can_change_its_mode() {
    sim().put_file(b"/tmp/a", b"abc");
    // SAFETY: streams made here.
    unsafe {
        let file = open(c"/tmp/a", c"r+");
        assert_eq!(freopen(core::ptr::null(), c"a".as_ptr(), file), file);
        assert_eq!((write(file, b"d"), __freadable(file), __fwritable(file)), (1, 0, 1));
        assert_eq!(fclose(file), 0);
        assert_eq!(sim().file(b"/tmp/a").unwrap(), b"abcd");
        let file = open(c"/tmp/a", c"r");
        assert!(freopen(core::ptr::null(), c"w".as_ptr(), file).is_null());
        assert_eq!(errno(), Errno::BADF);
    }
    assert_eq!(sim().open_descriptors(), 3);
}

#[test]
fn temporary_files_have_no_name() {
    // SAFETY: streams and buffers made here.
    unsafe {
        let file = tmpfile();
        assert_eq!(write(file, b"x"), 1);
        rewind(file);
        assert_eq!((fgetc(file), fclose(file)), (120, 0));
        let mut name = [0 as c_char; 20];
        assert_eq!(tmpnam(name.as_mut_ptr()), name.as_mut_ptr());
        assert_eq!(CStr::from_ptr(name.as_ptr()).to_bytes().len(), 18);
        sim().put_file(b"/tmp/a", b"");
        assert_eq!((remove(c"/tmp/a".as_ptr()), remove(c"/tmp/a".as_ptr())), (0, -1));
        assert_eq!(errno(), Errno::NOENT);
    }
}

#[test]
fn functions_of_the_program_are_a_source() {
    unsafe extern "C" fn write_to(cookie: *mut c_void, data: *const c_char, size: usize) -> isize {
        // SAFETY: the test's vector.
        unsafe { (*cookie.cast::<Vec<u8>>()).extend(core::slice::from_raw_parts(data.cast::<u8>(), size)) };
        size as isize
    }
    let mut data = Vec::<u8>::new();
    let functions = super::source::CookieFunctions { read: None, write: Some(write_to), seek: None, close: None };
    // SAFETY: streams made here.
    unsafe {
        let file = fopencookie((&raw mut data).cast(), c"w+".as_ptr(), functions);
        assert_eq!((write(file, b"cookie"), fflush(file)), (6, 0));
        assert_eq!((fseek(file, 0, SET), errno()), (-1, Errno::SPIPE));
        assert_eq!((fgetc(file), feof(file)), (-1, 1));
        assert_eq!(fclose(file), 0);
    }
    assert_eq!(data, b"cookie");
}

#[test]
fn wide_streams_convert() {
    // SAFETY: streams and buffers made here.
    unsafe {
        let file = open(c"/tmp/a", c"w+");
        assert_eq!(fwide(file, 1), 1);
        assert_eq!(fputwc(0xdfe4_u32 as wchar_t, file), 0xdfe4);
        assert_eq!((fputwc(0x20ac, file), errno(), ferror(file)), (u32::MAX, Errno::ILSEQ, 1));
        assert_eq!(fputws([0x61, 0x0a, 0].as_ptr(), file), 0);
        rewind(file);
        assert_eq!((getwc(file), getwc(file), ungetwc(0x62, file)), (0xdfe4, 0x61, 0x62));
        let mut line = [9; 8];
        assert_eq!(fgetws(line.as_mut_ptr(), 8, file), line.as_mut_ptr());
        assert_eq!(line[..3], [0x62, 0x0a, 0]);
        assert_eq!((getwc(file), feof(file)), (u32::MAX, 1));
        fclose(file);
        assert_eq!(sim().file(b"/tmp/a").unwrap(), b"\xe4a\n");
    }
}

#[test]
fn locks_are_the_programs_to_take() {
    // SAFETY: streams made here.
    unsafe {
        let file = open(c"/tmp/a", c"w");
        flockfile(file);
        assert_eq!(ftrylockfile(file), 0);
        assert_eq!(putc_unlocked(65, file), 65);
        assert_eq!(putc(66, file), 66);
        funlockfile(file);
        funlockfile(file);
        assert_eq!((__fsetlocking(file, 0), __fsetlocking(file, 2), __fsetlocking(file, 1)), (1, 1, 2));
        assert_eq!(fclose(file), 0);
        assert_eq!(sim().file(b"/tmp/a").unwrap(), b"AB");
    }
}
