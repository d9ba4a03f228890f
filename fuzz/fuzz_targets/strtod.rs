#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| xlibc::text::fuzz::strtod(data));
