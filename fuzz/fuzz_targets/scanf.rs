#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| xlibc::stdio::fuzz::scanf(data));
