#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| distx_toolchain::postlink::fuzz(data));
