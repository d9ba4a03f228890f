#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| xload::elf::fuzz::elf(data));
