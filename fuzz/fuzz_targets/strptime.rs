#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| xlibc::time::fuzz::strptime(data));
